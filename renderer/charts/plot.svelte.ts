/** The one place that makes uPlot charts: an attachment that makes one once, then only hands it new data, sizes and ranges. */
import type { Attachment } from 'svelte/attachments';
import { untrack } from 'svelte';
import uPlot from 'uplot';
import { lastFinite, toColumns } from './columns.ts';
import { drawFirst, forget, redraw } from './drawing.ts';
import { haveSameStructure, optionsFor } from './options.ts';
import { onColours } from './palette.ts';
import type { Spec, Viewport } from './spec.ts';
import { onWheel } from './wheel.ts';

/**
 * Draws what `spec` says into the element and redraws when it changes, at most once a frame and only while the element is in sight.
 * Drags, wheel and pointer act on the viewport, and its cursor is shown. What was drawn last can be read from the element:
 * data-points, data-last-x, data-last-<line>, data-from, data-to.
 */
export function plot(spec: () => Spec, viewport: Viewport): Attachment<HTMLElement> {
  return (node) =>
    untrack(() => {
      const chart = new Chart(node, spec, viewport);
      $effect(() => {
        spec();
        chart.changed();
      });
      $effect(() => {
        void viewport.cursor;
        chart.showCursor();
      });
      return () => chart.destroy();
    });
}

class Chart {
  readonly #node: HTMLElement;
  readonly #spec: () => Spec;
  readonly #viewport: Viewport;
  readonly #stops: (() => void)[] = [];
  #u: uPlot | null = null;
  #shown: Spec | null = null;
  #inSight = false;
  #dirty = true;
  #hovered = false;

  constructor(node: HTMLElement, spec: () => Spec, viewport: Viewport) {
    this.#node = node;
    this.#spec = spec;
    this.#viewport = viewport;
    const sight = new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? false;
      if (this.#inSight && this.#dirty) redraw(this.draw);
    });
    // It is told of the size that was there at the beginning too.
    const size = new ResizeObserver(() => this.#fits() || this.changed());
    sight.observe(node);
    size.observe(node);
    this.#stops.push(
      () => sight.disconnect(),
      () => size.disconnect(),
      onWheel(node, viewport, () => this.#u),
      onColours(() => this.#u?.redraw(false)),
    );
    drawFirst(() => this.#begin());
  }

  /** Draws for the first frame what is in sight in it: the observer says so only after that frame. */
  #begin(): void {
    if (this.#u || !this.#node.isConnected) return;
    const { top, bottom } = this.#node.getBoundingClientRect();
    this.#inSight = bottom > 0 && top < innerHeight;
    if (this.#inSight) this.draw();
  }

  #fits(): boolean {
    return this.#u !== null && this.#u.width === this.#node.clientWidth && this.#u.height === this.#node.clientHeight;
  }

  changed(): void {
    this.#dirty = true;
    if (this.#inSight) redraw(this.draw);
  }

  /** Draws the spec of the moment. */
  readonly draw = (): void => {
    const width = this.#node.clientWidth;
    const height = this.#node.clientHeight;
    if (width < 10 || height < 10) return;
    const spec = untrack(this.#spec);
    const before = this.#shown;
    this.#shown = spec;
    this.#dirty = false;
    if (!this.#u || !before || !haveSameStructure(before, spec)) return this.#make(spec, width, height);
    if (this.#u.width !== width || this.#u.height !== height) this.#u.setSize({ width, height });
    const same = before.lines === spec.lines;
    this.#u.setData(same ? this.#u.data : (toColumns(spec.lines, spec.log) as uPlot.AlignedData), true);
  };

  /** Puts the crosshair where the viewport's cursor is. */
  showCursor(): void {
    const u = this.#u;
    if (!u || this.#hovered || !this.#inSight) return;
    const x = untrack(() => this.#viewport.cursor);
    const left = x === null ? -10 : u.valToPos(x, 'x');
    u.setCursor({ left: left > u.bbox.width / devicePixelRatio ? -10 : left, top: 0 }, false);
  }

  destroy(): void {
    forget(this.draw);
    for (const stop of this.#stops) stop();
    this.#u?.destroy();
    if (this.#hovered) this.#viewport.cursor = null;
  }

  #make(spec: Spec, width: number, height: number): void {
    this.#u?.destroy();
    const hooks = { drawn: () => this.#drawn(), moved: (u: uPlot) => this.#moved(u) };
    const options = optionsFor({ width, height }, () => this.#shown ?? spec, this.#viewport, hooks);
    this.#u = new uPlot(options, toColumns(spec.lines, spec.log) as uPlot.AlignedData, this.#node);
    this.#u.over.addEventListener('pointerenter', () => (this.#hovered = true));
    this.#u.over.addEventListener('pointerleave', () => {
      this.#hovered = false;
      this.#viewport.cursor = null;
    });
  }

  /** The pointer moved the crosshair, or the data moved under a resting pointer. */
  #moved(u: uPlot): void {
    if (!this.#hovered) return;
    const left = u.cursor.left ?? -10;
    this.#viewport.cursor = left >= 0 ? u.posToVal(left, 'x') : null;
  }

  #drawn(): void {
    this.showCursor();
    const spec = this.#shown;
    if (!spec) return;
    const data = this.#node.dataset;
    let points = 0;
    let lastX = -Infinity;
    for (const line of spec.lines) {
      if (line.ghost) continue;
      points += line.points ?? line.x.length;
      const last = lastFinite(line);
      if (!last) continue;
      data[`last${line.name.charAt(0).toUpperCase()}${line.name.slice(1)}`] = String(last.y);
      lastX = Math.max(lastX, last.x);
    }
    data['points'] = String(points);
    if (lastX > -Infinity) data['lastX'] = String(lastX);
    data['from'] = String(spec.range.from);
    data['to'] = String(spec.range.to);
  }
}
