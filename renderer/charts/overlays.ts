/** What is drawn on a chart besides lines: bands, tinted stretches, levels, dotted verticals, marks of non-finite values. */
import type uPlot from 'uplot';
import { colour } from './palette.ts';
import type { Band, Level, Spec, Vertical } from './spec.ts';

const LABEL = '11px "Inter Latin", "Inter Variable", system-ui, sans-serif';

/** Below the lines, above the grid. */
export function drawBelow(u: uPlot, spec: Spec): void {
  inside(u, (context, ratio) => {
    for (const stretch of spec.stretches ?? []) {
      const from = u.valToPos(stretch.from, 'x', true);
      const width = Math.max(ratio, u.valToPos(stretch.to, 'x', true) - from);
      context.fillStyle = colour(stretch.colour, stretch.colour === 'ink-3' ? 0.1 : 0.22);
      context.fillRect(from, u.bbox.top, width, u.bbox.height);
      if (!spec.labelled) continue;
      const left = beside(Math.max(from, u.bbox.left), widthOf(context, stretch.label, ratio), 4 * ratio, u.bbox);
      label(context, stretch.label, left, u.bbox.top + u.bbox.height - 6 * ratio, stretch.colour === 'ink-3' ? 'ink-2' : stretch.colour, ratio);
    }
    for (const band of spec.bands ?? []) drawBand(u, context, band);
    for (const level of spec.levels ?? []) drawLevel(u, context, level, spec.verticals ?? [], ratio);
  });
}

/** Above the lines. */
export function drawAbove(u: uPlot, spec: Spec): void {
  inside(u, (context, ratio) => {
    drawVerticals(u, context, spec, ratio);
    drawMarks(u, context, spec, ratio);
  });
}

/** Dotted verticals, then their labels: to the right of the line, else to its left, else a line lower, where no other label and no edge is in the way. */
function drawVerticals(u: uPlot, context: CanvasRenderingContext2D, spec: Spec, ratio: number): void {
  const right = u.bbox.left + u.bbox.width;
  const seen: { vertical: Vertical; x: number }[] = [];
  for (const vertical of [...(spec.verticals ?? [])].sort((a, b) => a.x - b.x)) {
    const x = Math.round(u.valToPos(vertical.x, 'x', true)) + ratio / 2;
    if (x < u.bbox.left || x > right) continue;
    seen.push({ vertical, x });
    context.strokeStyle = colour(vertical.colour);
    context.lineWidth = ratio;
    context.setLineDash([2 * ratio, 3 * ratio]);
    line(context, x, u.bbox.top, x, u.bbox.top + u.bbox.height);
    context.setLineDash([]);
  }
  if (spec.labelled !== true) return;
  /** Where a row of labels is free from. */
  const free = [-Infinity, -Infinity, -Infinity];
  seen.forEach(({ vertical, x }, i) => {
    const width = widthOf(context, vertical.label, ratio);
    const gap = 6 * ratio;
    const next = seen[i + 1]?.x ?? Infinity;
    for (let row = 0; row < free.length; row++) {
      const from = free[row] as number;
      // The last row takes what is left, even across a neighbour's line.
      const after = x + gap + width <= Math.min(right, row + 1 < free.length ? next - 2 * ratio : Infinity) && x + gap >= from;
      const before = !after && x - gap - width >= Math.max(u.bbox.left, from, row + 1 < free.length ? (seen[i - 1]?.x ?? -Infinity) : -Infinity);
      if (!after && !before) continue;
      const left = after ? x + gap : x - gap - width;
      label(context, vertical.label, left, u.bbox.top + (12 + 14 * row) * ratio, vertical.colour, ratio);
      free[row] = left + width + 8 * ratio;
      return;
    }
  });
}

function inside(u: uPlot, draw: (context: CanvasRenderingContext2D, ratio: number) => void): void {
  const context = u.ctx;
  context.save();
  context.beginPath();
  context.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  context.clip();
  draw(context, devicePixelRatio);
  context.restore();
}

function drawBand(u: uPlot, context: CanvasRenderingContext2D, band: Band): void {
  context.fillStyle = colour(band.colour, 0.16);
  let part: [number, number, number][] = [];
  const close = () => {
    if (part.length > 1) {
      context.beginPath();
      for (const [x, , high] of part) context.lineTo(x, high);
      for (const [x, low] of part.toReversed()) context.lineTo(x, low);
      context.closePath();
      context.fill();
    }
    part = [];
  };
  for (let i = 0; i < band.x.length; i++) {
    const low = band.low[i] ?? null;
    const high = band.high[i] ?? null;
    if (low === null || high === null) close();
    else part.push([u.valToPos(band.x[i] as number, 'x', true), u.valToPos(low, 'y', true), u.valToPos(high, 'y', true)]);
  }
  close();
}

function drawLevel(u: uPlot, context: CanvasRenderingContext2D, level: Level, verticals: readonly Vertical[], ratio: number): void {
  const y = Math.round(u.valToPos(level.y, 'y', true)) + ratio / 2;
  context.strokeStyle = colour('ink-3');
  context.lineWidth = ratio;
  context.setLineDash([3 * ratio, 3 * ratio]);
  line(context, u.bbox.left, y, u.bbox.left + u.bbox.width, y);
  context.setLineDash([]);
  // Only where it does not run into its neighbour at zero.
  const room = Math.abs(u.valToPos(0, 'y', true) - y) > 13 * ratio;
  const above = y - u.bbox.top > 13 * ratio;
  if (level.label === '' || !room) return;
  const width = widthOf(context, level.label, ratio);
  const left = u.bbox.left + 6 * ratio;
  // At the other end where a vertical would go through it.
  const crossed = verticals.map(({ x }) => u.valToPos(x, 'x', true)).some((x) => x > left - 2 * ratio && x < left + width + 2 * ratio);
  label(context, level.label, crossed ? u.bbox.left + u.bbox.width - 6 * ratio - width : left, above ? y - 4 * ratio : y + 11 * ratio, 'ink-2', ratio);
}

/** Small triangles at the foot of the chart, or upside down at its top; neighbours closer than their width become one. */
function drawMarks(u: uPlot, context: CanvasRenderingContext2D, spec: Spec, ratio: number): void {
  const foot = u.bbox.top + u.bbox.height;
  let lastX = -Infinity;
  for (const mark of [...(spec.marks ?? [])].sort((a, b) => a.x - b.x)) {
    const x = u.valToPos(mark.x, 'x', true);
    if (x - lastX < 7 * ratio) continue;
    const top = mark.edge === 'top';
    const base = top ? u.bbox.top + 7 * ratio : foot;
    context.fillStyle = colour(mark.colour);
    context.beginPath();
    context.moveTo(x, base - 7 * ratio);
    context.lineTo(x + 4 * ratio, base);
    context.lineTo(x - 4 * ratio, base);
    context.fill();
    if (spec.labelled === true && x - lastX > 40 * ratio) label(context, mark.word, beside(x, widthOf(context, mark.word, ratio), 6 * ratio, u.bbox), foot - 10 * ratio, mark.colour, ratio);
    lastX = x;
  }
}

/** Where a text of some width begins that stands `gap` to the right of `x`; to its left where the picture ends before the text does. */
export function beside(x: number, width: number, gap: number, picture: { left: number; width: number }): number {
  const right = picture.left + picture.width;
  return x + gap + width <= right ? x + gap : Math.max(picture.left, Math.min(x, right) - gap - width);
}

function widthOf(context: CanvasRenderingContext2D, text: string, ratio: number): number {
  context.font = scaled(ratio);
  return context.measureText(text).width;
}

function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, token: string, ratio: number): void {
  context.font = scaled(ratio);
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  context.lineWidth = 3 * ratio;
  context.strokeStyle = colour('panel');
  context.strokeText(text, x, y);
  context.fillStyle = colour(token);
  context.fillText(text, x, y);
}

function scaled(ratio: number): string {
  return LABEL.replace('11px', `${11 * ratio}px`);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
