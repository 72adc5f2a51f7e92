/** The run that is open: brings its detail, and its curves as far as they are seen, and keeps both fresh. */
import { tick, untrack } from 'svelte';
import type { Axis, Bridge, RunDetail } from '../../preload/contract.ts';
import { following, union } from '../charts/ranges.ts';
import { ask } from './ask.ts';
import { startingAxis } from './axes.ts';
import { fetchCurves, type Drawn, type Wish } from './curves.ts';
import { Delay } from './delay.svelte.ts';
import { nextFrame } from './frames.ts';
import { Growth } from './growth.ts';
import { forgetSeen, keeper, recallSeen, type Seen } from './last-seen.ts';
import type { Notices } from './notices.svelte.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { Parts } from './parts.svelte.ts';
import { Patience } from './patience.svelte.ts';
import { recall } from './remembered.ts';
import { AXES, RunViewport } from './run-viewport.svelte.ts';
import { mainSeries } from './series.ts';
import { Wishes } from './wishes.ts';

const DETAIL_EVERY_MS = 1000;

/** Longer than this the window says that it is waiting. */
const SLOW_MS = 600;
/** After so long without an answer it says that what it shows is of before. */
const LATE_MS = 1500;

export class Shown extends RunViewport {
  /** The run that was asked for. */
  key = $state<string | null>(null);
  readonly opening = new Patience(SLOW_MS);
  readonly parts = new Parts();
  /** When the service said what is shown, as long as that is what was seen last and it has not answered yet; ms since 1970. */
  asOfMs = $state<number | null>(null);
  /** The answer to the latest question about the run: where it takes long, new points are still being judged. */
  readonly judging = new Patience(LATE_MS);
  /** True once main has answered that there is no such run. */
  missing = $state(false);
  readonly delay = new Delay();

  readonly #bridge: Bridge;
  readonly #notices: Notices;
  readonly #wishes = new Wishes();
  readonly #curves = oneAtATime(() => this.#fetch(), nextFrame);
  readonly #detail = oneAtATime(() => this.#fetchDetail(), () => new Promise((resolve) => setTimeout(resolve, DETAIL_EVERY_MS)));
  readonly #kept = keeper(() => this.#seen());
  /** Dense curves are drawn whole once it has ended. */
  readonly #growth = new Growth(() => this.#curves.ask());
  #drawnAtMs = 0;
  #missedWhileHidden = false;
  /** A step to put the cursor on once the run is there: where an alert fired. */
  #openAt: number | null = null;

  constructor(bridge: Bridge, notices: Notices) {
    super();
    this.#bridge = bridge;
    this.#notices = notices;
  }

  /** Opens a run; with `step` the cursor goes there. What was open stays in sight until the other is there, whole. */
  open(key: string, step: number | null = null): void {
    this.#openAt = step;
    if (key === this.key) return this.#goToStep();
    this.key = key;
    this.missing = false;
    this.delay.forget();
    this.opening.begin();
    if (!this.detail) this.#showSeen(key);
    void this.#load(key);
  }

  /** No run is asked for any more; what is open stays in sight until another is. */
  close(): void {
    this.key = null;
    this.missing = false;
    this.opening.end();
    forgetSeen();
  }

  /** Looks again for a run that was not there: it has appeared in the list. */
  openAgain(): void {
    this.missing = false;
    if (this.key !== null) void this.#load(this.key);
  }

  /** A chart says which series it needs while it is seen, and at which width; returns the way to take that back. */
  want(wish: Wish): () => void {
    const takeBack = this.#wishes.add(wish);
    // Called from effects: what the fetch reads must not make them run again.
    untrack(() => this.#curves.ask());
    return takeBack;
  }

  /** Points were committed for this run, written at that time; null if they were not appended just now but found. */
  grew(appendedAtMs: number | null): void {
    if (document.hidden) {
      this.#growth.unseen();
      this.#missedWhileHidden = true;
      return;
    }
    if (appendedAtMs !== null && this.run === this.key) this.delay.appended(appendedAtMs);
    this.#growth.seen(appendedAtMs !== null);
    this.#curves.ask();
    this.#detail.ask();
  }

  /** The window is seen again: catch up with what came meanwhile. */
  seen(): void {
    if (!this.#missedWhileHidden) return;
    this.#missedWhileHidden = false;
    this.#curves.ask();
    this.#detail.ask();
  }

  /** The diagnosis, the checklist or the list of series changed: looks again, at most once a second. */
  refresh(): void {
    this.#detail.ask();
  }

  /** Looks again at once. */
  refreshNow(): Promise<void> {
    return this.#fetchDetail();
  }

  protected override zoomChanged(): void {
    this.#curves.ask();
  }

  /** The first look at a run: its detail and its main curves are shown at once. */
  async #load(key: string): Promise<void> {
    // What was seen last says which curves will be wanted: they are asked for together with the detail, not after it.
    const guessed = this.detail && this.asOfMs !== null ? this.#firstCurves(this.detail, this.axis).catch(() => null) : null;
    const detail = await this.#notices.attempt(() => ask(this.#bridge, 'run', key));
    if (key !== this.key) return;
    const axis = detail ? startingAxis(detail, AXES.find((one) => one === recall().get('axis')) ?? null) : this.axis;
    const known = await guessed;
    const drawn = detail ? await this.#notices.attempt(() => this.#firstCurves(detail, axis, known?.axis === axis ? known : null)) : null;
    if (key !== this.key) return;
    this.opening.end();
    this.missing = !detail;
    this.asOfMs = null;
    if (!detail) forgetSeen();
    this.#show(detail ?? null, drawn ?? null, axis);
    this.#goToStep();
    // The charts say what they need of this run once they have taken it over.
    await tick();
    this.#curves.ask();
    this.#kept.ask();
  }

  /** Until the service answers. */
  #showSeen(key: string): void {
    const seen = recallSeen(key);
    if (!seen) return;
    this.asOfMs = seen.atMs;
    this.#show(seen.detail, seen.drawn, seen.drawn.axis);
  }

  #show(detail: RunDetail | null, drawn: Drawn | null, axis: Axis): void {
    if (detail?.row.key !== this.run) this.zoom = this.cursor = null;
    this.style.shift = false;
    this.axis = axis;
    this.detail = detail;
    this.drawn = drawn;
    this.#drawnAtMs = Date.now();
    // Not of what was seen last: the service needs the cores to answer, and the rest is worth more when it is so now.
    if (detail) void (this.asOfMs === null ? this.parts.make() : this.parts.makeLosses());
  }

  /** What the next start may show: the whole of the run that is open, as the service said it. */
  #seen(): Seen | null {
    const { detail, drawn, run } = this;
    const whole = run === this.key && drawn?.run === run && this.asOfMs === null && !this.zoom;
    return whole && detail && drawn ? { atMs: this.#drawnAtMs, detail, drawn } : null;
  }

  #firstCurves(detail: RunDetail, axis: Axis, known: Drawn | null = null): Promise<Drawn> {
    const order = { run: detail.row.key, axis, zoom: null, wishes: this.#wishes.ofNext(detail), known };
    return fetchCurves(this.#bridge, { ...order, main: mainSeries(detail), growth: this.#growth.count, draft: false });
  }

  async #fetchDetail(): Promise<void> {
    const key = this.run;
    if (key === null || this.asOfMs !== null) return;
    this.judging.begin();
    const detail = await this.#notices.attempt(() => ask(this.#bridge, 'run', key));
    this.judging.end();
    if (key !== this.run || detail === undefined) return;
    this.missing = detail === null;
    if (!detail) return;
    this.detail = detail;
    // A run that was opened before its first point has perhaps another axis than was supposed.
    const axis = startingAxis(detail, this.axis);
    if (axis !== this.axis) this.turnTo(axis);
  }

  #goToStep(): void {
    if (this.#openAt === null || !this.axes) return;
    this.cursor = this.axes.convert(this.#openAt, 'step', this.axis);
    this.#openAt = null;
  }

  async #fetch(): Promise<void> {
    const { run: key, detail, axis } = this;
    const wishes = this.#wishes.all();
    if (!key || !detail || wishes.length === 0 || this.asOfMs !== null) return;
    const handedOver = this.delay.asked();
    const zoom = this.zoom && this.follow && this.zoom.to >= this.whole.to ? { from: this.zoom.from, to: Infinity } : this.zoom;
    const known = this.drawn?.run === key && this.drawn.axis === axis ? this.drawn : null;
    const work = fetchCurves(this.#bridge, { run: key, axis, zoom, wishes, known, main: mainSeries(detail), growth: this.#growth.count, draft: this.#growth.isOn });
    const drawn = await this.#notices.attempt(() => work);
    if (!drawn || drawn === known || key !== this.run || axis !== this.axis) return;
    const follows = this.zoom && this.follow && known && this.zoom.to >= known.extent.to;
    this.drawn = known ? { ...drawn, extent: union(known.extent, drawn.extent) ?? drawn.extent } : drawn;
    this.#drawnAtMs = Date.now();
    this.#kept.ask();
    if (this.zoom && follows) this.zoom = following(this.zoom, this.whole);
    handedOver();
  }
}
