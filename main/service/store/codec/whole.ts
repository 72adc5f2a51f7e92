/** A column as whole numbers, with the runs of equal differences among them: what most axes are once multiplied by the right number. */
import { CHUNK } from '../layout.ts';
import { SLICE } from '../slice.ts';

/** Differences up to here are exact in doubles, also after the mean is taken off and the sign is folded in. */
export const WIDEST_DELTA = 2 ** 50;

/** The whole numbers of the column taken last. */
export let whole = new Float64Array(CHUNK);
/** Where its runs of equal differences begin, and how many there are. */
export let starts = new Int32Array(CHUNK);
export let runs = 0;

/** The last number and the last difference of the slices so far. */
const carried = new Float64Array(2);

/** Takes `count` numbers of `column` from `from` on times `scale`. Returns false if that loses something, or a difference is too large. */
export function takeWhole(column: Float64Array, from: number, count: number, scale: number): boolean {
  if (whole.length < count) {
    whole = new Float64Array(count);
    starts = new Int32Array(count);
  }
  carried[0] = Math.round(column[from]! * scale);
  carried[1] = 0;
  runs = 0;
  if (!takeSlice(column, from, 0, 1, scale)) return false;
  // No difference stands before the second number.
  carried[1] = NaN;
  for (let at = 1; at < count; at += SLICE) if (!takeSlice(column, from, at, Math.min(at + SLICE, count), scale)) return false;
  return true;
}

function takeSlice(column: Float64Array, from: number, at: number, end: number, scale: number): boolean {
  let before = carried[0]!;
  let repeated = carried[1]!;
  let found = runs;
  for (let i = at; i < end; i += 1) {
    const x = column[from + i]!;
    const n = Math.round(x * scale);
    // The comparison also turns away NaN and infinities; minus zero would come back as zero.
    if (n / scale !== x || (n === 0 && 1 / x < 0)) return false;
    const delta = n - before;
    if (delta > WIDEST_DELTA || delta < -WIDEST_DELTA || n > 2 ** 53 || n < -(2 ** 53)) return false;
    if (delta !== repeated) {
      repeated = delta;
      starts[found] = i;
      found += 1;
    }
    whole[i] = n;
    before = n;
  }
  carried[0] = before;
  carried[1] = repeated;
  runs = found;
  return true;
}
