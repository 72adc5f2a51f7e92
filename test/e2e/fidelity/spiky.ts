/** A series that shows every weakness of thinning: noise, and spikes of a single point in both directions, some of them next to each other. */

/** float32 values, as a log keeps them; `seed` fixes them. Runs in the page as well as in Node. */
export function spikyValues(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  // mulberry32
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += 1) {
    const course = 2 * Math.exp((-4 * at) / count) + 0.3 * Math.sin(at / 900) + (at > count / 2 ? 1 : 0);
    const noise = 0.1 * (random() + random() + random() - 1.5);
    const spike = random() < 0.01 ? (random() < 0.5 ? -1 : 1) * Math.min(3, 0.2 / (random() + 0.01)) : 0;
    values[at] = course + noise + spike;
  }
  return values;
}
