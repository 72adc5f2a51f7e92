/** Exact (Clopper-Pearson) 95 % interval of a share: k of n. Bisection on the binomial sum; n up to some thousands. */
export function exactInterval(k: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const low = k === 0 ? 0 : bisect((p) => 1 - atMost(k - 1, n, p) < 0.025);
  const high = k === n ? 1 : bisect((p) => atMost(k, n, p) > 0.025);
  return [low, high];
}

/** Largest p for which `holds`, which is true below it. */
function bisect(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Probability of at most k hits of n. */
function atMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let log = n * Math.log1p(-p);
  let sum = 0;
  for (let i = 0; i <= k; i += 1) {
    sum += Math.exp(log);
    log += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}
