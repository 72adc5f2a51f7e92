/** Several runs on one chart: their curves, what differs in their configuration, and their gaps. */
import type { Axis, Bridge, Compared as Answer, RunDetail, SeriesView } from '../../preload/contract.ts';
import { union, type Range } from '../charts/ranges.ts';
import { ask } from './ask.ts';
import { axesAvailable } from './axes.ts';
import { fetchCurves, type Drawn } from './curves.ts';
import { nextFrame } from './frames.ts';
import type { Notices } from './notices.svelte.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { mainMetric } from './series.ts';
import { Zoomable } from './viewport.svelte.ts';

export interface ComparedRun {
  key: string;
  detail: RunDetail;
  drawn: Drawn | null;
}

const PIXELS = 1200;

export class Compared extends Zoomable {
  keys = $state.raw<readonly string[]>([]);
  answer = $state.raw<Answer | null>(null);
  runs = $state.raw<readonly ComparedRun[]>([]);
  loading = $state(false);
  axis = $state<Axis>('step');
  log = $state(false);
  level = $state(4);
  /** Metric on the chart; null: each run's own main metric. */
  metric = $state<string | null>(null);

  /** From the first to the last place of the runs that have one on this axis; what the others would stand on are the numbers of their points. */
  readonly whole = $derived.by<Range>(() => {
    let extent: Range | null = null;
    for (const run of this.having(this.axis)) if (run.drawn && run.drawn.axis === this.axis) extent = union(extent, run.drawn.extent);
    return extent ?? { from: 0, to: 1 };
  });
  /** Axes that at least one run has. A comparison by the clock on the wall says nothing. */
  readonly available = $derived<Axis[]>((['step', 'epoch', 'elapsed'] as const).filter((axis) => this.runs.length === 0 || this.having(axis).length > 0));
  /** Metrics that at least one run has, the main one first. */
  readonly metrics = $derived([...new Set(this.runs.flatMap((run) => [mainMetric(run.detail) ?? '', ...run.detail.series.map((s) => s.metric)]))].filter(Boolean));

  readonly #bridge: Bridge;
  readonly #notices: Notices;
  readonly #curves = oneAtATime(() => this.#fetchCurves(), nextFrame);
  /** The axis is the user's choice. */
  #chosen = false;
  readonly #growth = new Map<string, number>();

  constructor(bridge: Bridge, notices: Notices) {
    super();
    this.#bridge = bridge;
    this.#notices = notices;
  }

  /** Compares these runs; what is known of them already stays on the screen meanwhile. */
  async show(keys: readonly string[]): Promise<void> {
    if (keys.join('\n') === this.keys.join('\n')) return;
    this.keys = keys;
    this.zoom = null;
    await this.reload();
  }

  /** Asks for everything anew. */
  async reload(): Promise<void> {
    const keys = this.keys;
    this.loading = true;
    const [answer, details] = await Promise.all([
      this.#notices.attempt(() => ask(this.#bridge, 'compare', [...keys])),
      Promise.all(keys.map((key) => this.#notices.attempt(() => ask(this.#bridge, 'run', key)))),
    ]);
    if (keys !== this.keys) return;
    this.loading = false;
    this.answer = answer ?? null;
    const before = new Map(this.runs.map((run) => [run.key, run.drawn]));
    this.runs = details.flatMap((detail, i) => (detail ? [{ key: keys[i] as string, detail, drawn: before.get(keys[i] as string) ?? null }] : []));
    this.#chooseAxis();
    this.#curves.ask();
  }

  /** Runs that log an axis. */
  having(axis: Axis): ComparedRun[] {
    return this.runs.filter((run) => axesAvailable(run.detail).includes(axis));
  }

  /** Keeps the axis that the user chose while every run has it; else takes the one that most have, epochs first: a step of one run may be two of another. */
  #chooseAxis(): void {
    const runs = (axis: Axis) => this.having(axis).length;
    if (!this.#chosen) this.axis = 'epoch';
    for (const axis of this.available) if (runs(axis) > runs(this.axis)) this.axis = axis;
  }

  /** One of the runs got new points. */
  grew(runs: readonly string[]): void {
    const grown = runs.filter((key) => this.keys.includes(key));
    for (const key of grown) this.#growth.set(key, (this.#growth.get(key) ?? 0) + 1);
    if (grown.length > 0) this.#curves.ask();
  }

  setAxis(axis: Axis): void {
    this.#chosen = true;
    this.axis = axis;
    this.zoom = null;
    this.#curves.ask();
  }

  setMetric(metric: string): void {
    this.metric = metric;
    this.#curves.ask();
  }

  protected override zoomChanged(): void {
    this.#curves.ask();
  }

  /** Series of a run that stand on the chart: the metric's train, validation and test side, one each. */
  seriesOf(detail: RunDetail): SeriesView[] {
    const metric = this.metric ?? mainMetric(detail);
    const own = detail.series.filter((series) => series.metric === metric && !series.probe);
    const most = (split: SeriesView['split']) => own.filter((series) => series.split === split).sort((a, b) => b.points - a.points)[0];
    return (['train', 'val', 'test', null] as const).flatMap((split) => most(split) ?? []);
  }

  async #fetchCurves(): Promise<void> {
    const { runs, axis, zoom } = this;
    const drawn = await Promise.all(runs.map((run) => this.#notices.attempt(() => this.#fetchRun(run, axis, zoom))));
    if (runs !== this.runs || axis !== this.axis) {
      this.#curves.ask();
      return;
    }
    this.runs = runs.map((run, i) => ({ ...run, drawn: drawn[i] ?? run.drawn }));
  }

  async #fetchRun(run: ComparedRun, axis: Axis, zoom: Range | null): Promise<Drawn> {
    const main = this.seriesOf(run.detail);
    const known = run.drawn?.axis === axis ? run.drawn : null;
    const wishes = [{ chart: run.key, series: main.map((series) => series.key), pixels: PIXELS }];
    const drawn = await fetchCurves(this.#bridge, { run: run.key, axis, zoom, wishes, known, main, growth: this.#growth.get(run.key) ?? 0, draft: true });
    return known && zoom ? { ...drawn, extent: union(known.extent, drawn.extent) ?? drawn.extent } : drawn;
  }
}
