/** Exact reference levels of cross-entropy (reference section 2). */

/** Loss of a model that knows nothing: ln K nats for K classes. */
export function guessing(classes: number): number {
  return Math.log(classes);
}

/** Lowest loss that label smoothing `e` over K classes allows, in nats: the entropy of the smoothed target. */
export function smoothingFloor(e: number, classes: number): number {
  if (e <= 0 || e >= 1) return 0;
  const other = e / classes;
  const own = 1 - e + other;
  return -own * Math.log(own) - (classes - 1) * other * Math.log(other);
}

/** Lowest loss when softmax is applied twice, in nats: F(K) = ln(1 + (K - 1) / e). */
export function doubleSoftmaxFloor(classes: number): number {
  return Math.log(1 + (classes - 1) / Math.E);
}
