/** Keys on a focused chart. */
import type { Curve } from './columns.ts';
import type { Vertical, Viewport } from './spec.ts';

/** Does what a key means; returns false for a key that means nothing here. */
export function onKey(event: KeyboardEvent, viewport: Viewport, lines: readonly Curve[], verticals: readonly Vertical[]): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case '+':
    case '=':
      viewport.zoomBy(0.5);
      return true;
    case '-':
    case '−':
      viewport.zoomBy(2);
      return true;
    case '0':
      viewport.setZoom(null);
      return true;
    case 'ArrowLeft':
    case 'ArrowRight': {
      const way = event.key === 'ArrowLeft' ? -1 : 1;
      if (event.shiftKey) viewport.panBy(way * 0.2);
      else moveTo(viewport, nextPoint(viewport, lines, way));
      return true;
    }
    case 'Home':
    case 'End':
      moveTo(viewport, event.key === 'Home' ? viewport.range.from : viewport.range.to);
      return true;
    case 'n':
    case 'b':
      moveTo(viewport, nextMark(viewport, verticals, event.key === 'n' ? 1 : -1));
      return true;
    default:
      return false;
  }
}

/** Puts the cursor somewhere; a zoomed picture moves along so that it stays in sight. */
function moveTo(viewport: Viewport, x: number | null): void {
  if (x === null) return;
  const { from, to } = viewport.range;
  if (x < from) viewport.setZoom({ from: x, to: x + (to - from) });
  else if (x > to) viewport.setZoom({ from: x - (to - from), to: x });
  viewport.cursor = x;
}

/** The next place one step away: at least a hundredth of the picture, so that dense curves do not take thousands of presses. */
export function nextPoint(viewport: Viewport, lines: readonly Curve[], way: 1 | -1): number | null {
  const { from, to } = viewport.range;
  const at = viewport.cursor ?? (way > 0 ? from : to);
  const least = at + (way * (to - from)) / 100;
  let best: number | null = null;
  for (const { x } of lines) {
    for (let i = 0; i < x.length; i++) {
      const place = x[i] as number;
      if (way > 0 ? place >= least && (best === null || place < best) : place <= least && (best === null || place > best)) best = place;
    }
  }
  return best;
}

function nextMark(viewport: Viewport, verticals: readonly Vertical[], way: 1 | -1): number | null {
  const at = viewport.cursor ?? (way > 0 ? -Infinity : Infinity);
  const ahead = verticals.map((vertical) => vertical.x).filter((x) => (way > 0 ? x > at : x < at));
  if (ahead.length === 0) return null;
  return way > 0 ? Math.min(...ahead) : Math.max(...ahead);
}
