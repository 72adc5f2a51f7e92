import { emptyPoints, giveBack, type Points } from '../points.ts';
import type { ConfigValue, SeriesHints, Sink } from './format.ts';

export interface BatchSeries {
  name: string;
  hints: SeriesHints;
  points: Points;
  /** Indexes into `points` at which a new segment begins because the writer said so. */
  restarts: number[];
}

export interface BatchProblem {
  offset: number;
  text: string;
}

/** No source needs more problems than this to be understood; the rest are counted. */
const PROBLEM_CAP = 100;

/** Everything that one look at one source brought to light. It is committed as a whole, together with the new offset. */
export class Batch implements Sink {
  readonly list: BatchSeries[] = [];
  readonly configs = new Map<string, ConfigValue>();
  readonly facts = new Map<string, string | number>();
  readonly problems: BatchProblem[] = [];
  problemsLeftOut = 0;
  state: 'running' | 'finished' | 'failed' | null = null;
  /** The writer started again during this look: every series of the source, also those not in this batch, has a new segment. */
  restarted = false;
  #handles = new Map<string, number>();

  series(name: string, hints: SeriesHints = {}): number {
    const key = `${hints.split ?? ''}\u0000${name}`;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    const handle = this.list.length;
    this.list.push({ name, hints, points: emptyPoints(), restarts: this.restarted ? [0] : [] });
    this.#handles.set(key, handle);
    return handle;
  }

  point(series: number, step: number, epoch: number, time: number, value: number): void {
    this.columns(series).push(step, epoch, time, value);
  }

  columns(series: number): Points {
    const found = this.list[series];
    if (!found) throw new RangeError(`no series with handle ${series} in this batch`);
    return found.points;
  }

  config(key: string, value: ConfigValue): void {
    this.configs.set(key, value);
  }

  restart(): void {
    this.restarted = true;
    for (const series of this.list) series.restarts.push(series.points.length);
  }

  runState(state: 'running' | 'finished' | 'failed'): void {
    this.state = state;
  }

  fact(key: string, value: string | number): void {
    this.facts.set(key, value);
  }

  problem(offset: number, text: string): void {
    if (this.problems.length < PROBLEM_CAP) this.problems.push({ offset, text });
    else this.problemsLeftOut += 1;
  }

  /** Gives the room of its points back, once they are stored. The batch is not used afterwards. */
  release(): void {
    for (const { points } of this.list.splice(0)) giveBack(points);
  }

  get pointCount(): number {
    let count = 0;
    for (const series of this.list) count += series.points.length;
    return count;
  }
}
