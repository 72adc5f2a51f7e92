/**
 * Room for the few points of a live append: columns of 64 bytes lie in the heap of V8, larger ones each have a buffer of their own, which
 * made a fortieth of what 500 growing files cost.
 */
const FEW = 8;

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

  constructor(capacity = FEW) {
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
    if (points > this.value.length) this.#widen(points > 1024 ? Math.max(points, this.value.length * 2) : points);
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

/** Empty columns that had been filled and stored before, for the next ones to fill: at most `MOST_SPARE` points of room in all. */
const spare: Points[] = [];
let room = 0;
const MOST_SPARE = 1 << 18;
/** Smaller ones are made as fast as they are kept. */
const WORTH_KEEPING = 1024;

/** Empty columns; their room is that of columns given back before, if there are any: clearing new memory was a tenth of ingest. */
export function emptyPoints(): Points {
  const points = spare.pop();
  if (!points) return new Points();
  room -= points.value.length;
  points.length = 0;
  return points;
}

/** Gives columns back whose points are stored: nobody may hold them, or a part of them, any more. */
export function giveBack(points: Points): void {
  const capacity = points.value.length;
  if (capacity < WORTH_KEEPING || room + capacity > MOST_SPARE) return;
  room += capacity;
  spare.push(points);
}
