/**
 * Points in memory, as columns: the shape in which they leave a format and enter the store.
 *
 * On the axes NaN means "not logged" (no writer logs a NaN step; an event with a NaN wall time is dropped by its
 * reader). In `value` NaN and the infinities are logged values: a point without a value does not exist.
 */
export class Points {
  /** Training step (optimizer update or whatever the writer counts), NaN where the log has none. */
  step: Float64Array;
  /** Epoch, fractional where the writer logs fractions, NaN where the log has none. */
  epoch: Float64Array;
  /** Wall time in seconds since 1970 (UTC), NaN where the log has none. */
  time: Float64Array;
  value: Float64Array;
  length = 0;

  constructor(capacity = 16) {
    this.step = new Float64Array(capacity);
    this.epoch = new Float64Array(capacity);
    this.time = new Float64Array(capacity);
    this.value = new Float64Array(capacity);
  }

  push(step: number, epoch: number, time: number, value: number): void {
    const at = this.length;
    if (at === this.value.length) this.#grow();
    this.step[at] = step;
    this.epoch[at] = epoch;
    this.time[at] = time;
    this.value[at] = value;
    this.length = at + 1;
  }

  /** Makes room for `points` points in all, for readers that can tell how many come: growing by doubling costs as much as parsing. */
  reserve(points: number): void {
    if (points > this.value.length) this.#widen(points);
  }

  #grow(): void {
    this.#widen(this.value.length * 2);
  }

  #widen(capacity: number): void {
    this.step = widened(this.step, capacity);
    this.epoch = widened(this.epoch, capacity);
    this.time = widened(this.time, capacity);
    this.value = widened(this.value, capacity);
  }
}

function widened(column: Float64Array, capacity: number): Float64Array {
  const wide = new Float64Array(capacity);
  wide.set(column);
  return wide;
}
