/** How the open run is looked at: along which axis, which part of it, and in which style. */
import type { Axis, RunDetail, SeriesView } from '../../preload/contract.ts';
import { following, type Range } from '../charts/ranges.ts';
import { axesAvailable, axesOf, halfWindowOn, rangeOn } from './axes.ts';
import { ChartStyle } from './chart-style.svelte.ts';
import type { Drawn } from './curves.ts';
import { recallOne, remember } from './remembered.ts';
import { mainSeries } from './series.ts';
import { Zoomable } from './viewport.svelte.ts';

export const AXES: readonly Axis[] = ['step', 'epoch', 'elapsed', 'wall'];

export abstract class RunViewport extends Zoomable {
  detail = $state.raw<RunDetail | null>(null);
  drawn = $state.raw<Drawn | null>(null);
  axis = $state<Axis>('step');
  readonly style = new ChartStyle();
  follow = $state(recallOne('follow', [true, false]));

  /** The run that is shown: the one that was open before until the other has come. */
  readonly run = $derived(this.detail?.row.key ?? null);
  readonly axes = $derived(this.detail ? axesOf(this.detail) : null);
  readonly available = $derived(this.detail ? axesAvailable(this.detail) : AXES);
  /** From the first to the last point of the run, with room for the half-epoch shift. */
  readonly whole = $derived.by<Range>(() => {
    const extent = this.drawn?.extent ?? { from: 0, to: 1 };
    const room = Math.max(0, ...(this.detail ? mainSeries(this.detail) : []).map((series) => this.shiftOf(series)));
    return { from: extent.from - room, to: extent.to };
  });

  /** By how much a series is moved to the left on the shown axis: half its logging window if the half-epoch shift is on, else 0. */
  shiftOf(series: SeriesView): number {
    return this.style.shift && series.split === 'train' && this.axes ? halfWindowOn(this.axes, series, this.axis) : 0;
  }

  setAxis(axis: Axis): void {
    if (axis === this.axis) return;
    this.turnTo(axis);
    remember('axis', axis);
  }

  setFollow(follow: boolean): void {
    this.follow = follow;
    remember('follow', follow);
    if (follow && this.zoom) this.setZoom(following(this.zoom, this.whole));
  }

  /** Shows the same part of the run on another axis, without remembering that for other runs. */
  protected turnTo(axis: Axis): void {
    this.zoom = this.zoom && this.axes && rangeOn(this.axes, this.zoom, this.axis, axis);
    this.cursor = null;
    this.axis = axis;
    this.zoomChanged();
  }
}
