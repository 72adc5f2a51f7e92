/** The part of an axis that charts show, and the cursor on it. */
import { clamped, panned, zoomed, type Range } from '../charts/ranges.ts';
import type { Viewport } from '../charts/spec.ts';

/** Zoomed and moved within a whole that may change at any time. */
export abstract class Zoomable implements Viewport {
  /** null: all of it. */
  zoom = $state.raw<Range | null>(null);
  /** Where the cursor stands on the axis, shared by all charts; null when it is elsewhere. */
  cursor = $state.raw<number | null>(null);
  abstract readonly whole: Range;

  get range(): Range {
    return this.zoom ?? this.whole;
  }

  setZoom(zoom: Range | null): void {
    this.zoom = zoom && clamped(zoom, this.whole);
    this.zoomChanged();
  }

  zoomBy(factor: number, at = this.cursor ?? (this.range.from + this.range.to) / 2): void {
    this.setZoom(zoomed(this.range, this.whole, at, factor));
  }

  panBy(share: number): void {
    if (this.zoom) this.setZoom(panned(this.range, this.whole, share));
  }

  /** Something else is shown than before: what is fetched for it has to follow. */
  protected zoomChanged(): void {}
}

/** A viewport of charts that belong to no run, over a range that is given from outside. */
export class FreeViewport extends Zoomable {
  readonly #given: () => Range;

  constructor(whole: () => Range) {
    super();
    this.#given = whole;
  }

  get whole(): Range {
    return this.#given();
  }
}
