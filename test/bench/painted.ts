/** When what a chart says of itself was painted. */
import type { Page } from 'playwright';

/** What the page keeps for us: each new value, and when the frame after it was made, ms since 1970. */
type Observed = Window & { painted: [value: number, atMs: number][] };

/** Begins to note the frame after each change of an attribute of a chart, such as `data-last-x`. */
export function notePainted(page: Page, chart: string, attribute: string): Promise<void> {
  return page.evaluate(observe, { chart, attribute });
}

/** Everything noted so far. */
export function paintedOf(page: Page): Promise<[value: number, atMs: number][]> {
  return page.evaluate(() => (window as unknown as Observed).painted);
}

/** Runs in the page. */
function observe({ chart, attribute }: { chart: string; attribute: string }): void {
  const own = window as unknown as Observed;
  own.painted = [];
  const node = document.querySelector(`[data-chart="${chart}"]`);
  if (!node) throw new Error(`no chart ${chart}`);
  const read = (): number => Number(node.getAttribute(attribute));
  let newest = read();
  new MutationObserver(() => {
    const value = read();
    // Drawn anew for another reason.
    if (value === newest) return;
    newest = value;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => own.painted.push([value, performance.timeOrigin + performance.now()]);
    requestAnimationFrame(() => port2.postMessage(null));
  }).observe(node, { attributeFilter: [attribute] });
}
