/** The wheel on a chart: zoom with Ctrl (and pinch), or plainly on a chart that has the focus; sideways moves the picture. */
import type uPlot from 'uplot';
import type { Viewport } from './spec.ts';

/** Listens on a chart's element; returns the way to stop. A wheel that is not meant for the chart goes on scrolling the page. */
export function onWheel(node: HTMLElement, viewport: Viewport, chart: () => uPlot | null): () => void {
  const wheel = (event: WheelEvent) => {
    const u = chart();
    if (!u) return;
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    const focused = node.contains(document.activeElement);
    if (!event.ctrlKey && !event.metaKey && !sideways && !focused) return;
    event.preventDefault();
    if (sideways) return viewport.panBy((event.deltaX || event.deltaY) / 800);
    const at = u.posToVal(event.clientX - u.over.getBoundingClientRect().left, 'x');
    const turn = Math.max(-60, Math.min(60, event.deltaY));
    viewport.zoomBy(Math.exp(turn / (event.ctrlKey ? 120 : 240)), at);
  };
  node.addEventListener('wheel', wheel, { passive: false });
  return () => node.removeEventListener('wheel', wheel);
}
