/** Signs on lines whose colour another line has, too: they are told apart without colour as well. */
import type uPlot from 'uplot';
import { nearest } from './columns.ts';
import { colour } from './palette.ts';
import type { Line, Spec } from './spec.ts';

/** CSS pixels between the signs of a line. */
const APART = 120;
/** Half the size of a sign, CSS pixels. */
const REACH = 3.5;
/** Share of APART by which the signs of each next line are moved on, so that neighbours do not cover each other's. */
const SHIFT = (Math.sqrt(5) - 1) / 2;

/** Draws the signs of all lines that have one. */
export function drawSigns(u: uPlot, spec: Spec): void {
  const ratio = devicePixelRatio;
  // uPlot does not set again what it set before, such as the width of its lines.
  u.ctx.save();
  u.ctx.setLineDash([]);
  spec.lines.forEach((line, order) => {
    if (!line.sign) return;
    const left = u.valToPos(line.x[0] ?? 0, 'x', true);
    const right = u.valToPos(line.x[line.x.length - 1] ?? 0, 'x', true);
    const from = Math.max(left, u.bbox.left);
    const to = Math.min(right, u.bbox.left + u.bbox.width);
    for (const at of places(from, to, APART * ratio, order * SHIFT)) drawAt(u, line, nearest(line.x, u.posToVal((at - u.bbox.left) / ratio, 'x')), ratio);
  });
  u.ctx.restore();
}

/** Where between two ends signs should stand, each `apart` from the next; moved on by a share of that. One in the middle where there is room for none. */
export function places(from: number, to: number, apart: number, share: number): number[] {
  const found: number[] = [];
  for (let at = from + apart * (share % 1); at < to; at += apart) if (at > from) found.push(at);
  return found.length === 0 && to > from ? [(from + to) / 2] : found;
}

/** On a point of the line, never between two. */
function drawAt(u: uPlot, line: Line, i: number, ratio: number): void {
  const x = u.valToPos(line.x[i] as number, 'x', true);
  const y = u.valToPos(line.y[i] as number, 'y', true);
  if (!(y >= u.bbox.top && y <= u.bbox.top + u.bbox.height)) return;
  const context = u.ctx;
  const reach = REACH * ratio;
  context.beginPath();
  if (line.sign === 'ring') context.arc(x, y, reach, 0, 2 * Math.PI);
  else context.rect(x - reach, y - reach, 2 * reach, 2 * reach);
  context.fillStyle = colour(line.sign === 'ring' ? 'panel' : line.colour, line.opacity ?? 1);
  context.strokeStyle = colour(line.colour, line.opacity ?? 1);
  context.lineWidth = 1.5 * ratio;
  context.fill();
  if (line.sign === 'ring') context.stroke();
}
