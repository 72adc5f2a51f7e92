/** The shown part and the cursor of charts that belong to no run. */
import { clamped, panned, zoomed, type Range } from '../charts/ranges.ts';
import type { Viewport } from '../charts/spec.ts';

/** A viewport over a range that is given from outside and may move. */
export class FreeViewport implements Viewport {
  cursor = $state.raw<number | null>(null);
  #zoom = $state.raw<Range | null>(null);
  readonly #given: () => Range;

  constructor(whole: () => Range) {
    this.#given = whole;
  }

  get whole(): Range {
    return this.#given();
  }

  get range(): Range {
    return this.#zoom ?? this.whole;
  }

  setZoom(zoom: Range | null): void {
    this.#zoom = zoom && clamped(zoom, this.whole);
  }

  zoomBy(factor: number, at = this.cursor ?? (this.range.from + this.range.to) / 2): void {
    this.setZoom(zoomed(this.range, this.whole, at, factor));
  }

  panBy(share: number): void {
    if (this.#zoom) this.setZoom(panned(this.range, this.whole, share));
  }
}
