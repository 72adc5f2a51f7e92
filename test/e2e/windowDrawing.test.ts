/** What drawing costs the page, and how often it is done. */
import { expect, test } from 'vitest';
import { whyNoWindow } from '../bench/app.ts';
import { withRedraws } from '../bench/redraw.ts';
import { median } from '../bench/row.ts';
import { pageCpu } from './pageCpu.ts';
import { BUG, describeWindow, drawn, open, openRun, page } from './windowUser.ts';

/** How many times the CPU of bare canvases twenty charts may take; 4 to 6 on 29 November 2026, the least of three at most 4.5. */
const MOST_OF_BARE = 9;

/** How many times the CPU of bare uPlot a redraw of the same lines may take; the median of the pairs was 0.95 to 1.00 on a busy machine, a single one up to 1.3. */
const MOST_OF_UPLOT = 1.4;

describeWindow('drawing', () => {
  test('draws a chart at most once a frame however much comes, and hardly for what is not on the screen', async () => {
    await open();
    await openRun(BUG);
    await drawn('[data-chart="accuracy"]', 'points');
    const other = await page.evaluate(countDrawings, { run: '1:digits-mlp/seed7', frames: 60 });
    expect(other.inAll).toBeLessThanOrEqual(4 * other.seconds);
    const own = await page.evaluate(countDrawings, { run: BUG, frames: 60 });
    expect(own.inFrame).toBe(1);
    expect(own.inAll).toBeGreaterThan(5);
  });

  test('draws 20 charts of 10 series of 1000 points for little more than their lines cost on bare canvases', async () => {
    const ratios: number[] = [];
    for (let i = 0; i < 3; i++) {
      await open('scene=wide');
      await openRun('1:a-wide-one');
      await drawn('[data-chart="m0"]', 'points');
      const bare = await pageCpu(page, () => page.evaluate(drawBare, { charts: 20, series: 10, points: 1000 }));
      const ours = await pageCpu(page, () => page.evaluate(showAll, 20));
      console.log(`20 charts × 10 series × 1000 points: ${(ours * 1000).toFixed(0)} ms of CPU, on bare canvases ${(bare * 1000).toFixed(0)} ms`);
      ratios.push(ours / bare);
    }
    expect(Math.min(...ratios)).toBeLessThan(MOST_OF_BARE);
  });
});

/** What it rasters is done in whatever process Chromium likes, so that the CPU of all of them is counted, which only Linux tells. */
test.skipIf(whyNoWindow())('redraws a chart of 100 lines of 1000 points for what bare uPlot takes', async () => {
  const pairs = await withRedraws((measure) => measure(100, 1000, 7));
  const ratios = pairs.map(({ ours, anchor }) => ours / anchor);
  console.log(`redraw, our chart / bare uPlot, CPU: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`);
  expect(median(ratios)).toBeLessThan(MOST_OF_UPLOT);
});

/** How often one chart is drawn at most while a run grows ten times a frame: in one frame, and in all. Runs in the page. */
async function countDrawings({ run, frames }: { run: string; frames: number }): Promise<{ inFrame: number; inAll: number; seconds: number }> {
  const counts = new Map<Node, { frame: number; all: number }>();
  let inFrame = 0;
  const observer = new MutationObserver((records) => {
    for (const { target } of records) {
      const count = counts.get(target) ?? { frame: 0, all: 0 };
      counts.set(target, { frame: count.frame + 1, all: count.all + 1 });
    }
  });
  for (const chart of document.querySelectorAll('[data-chart]')) observer.observe(chart, { attributeFilter: ['data-points'] });
  const began = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < 10; i++) window.fake.grow(run, 0.0005);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    for (const count of counts.values()) {
      inFrame = Math.max(inFrame, count.frame);
      count.frame = 0;
    }
  }
  observer.disconnect();
  return { inFrame, inAll: Math.max(0, ...[...counts.values()].map(({ all }) => all)), seconds: (performance.now() - began) / 1000 };
}

/** Makes all charts seen and waits until they are drawn. Runs in the page, as does the next. */
async function showAll(charts: number): Promise<void> {
  const main = document.querySelector('main') as HTMLElement;
  main.style.cssText = 'zoom: 0.2';
  [...document.querySelectorAll('button')].find((one) => /Show \d+ more/.test(one.textContent ?? ''))?.click();
  while (document.querySelectorAll('[data-chart^="m"][data-points="10000"]').length < charts) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** The same lines, one chart a frame, without axes, legends or anything else. */
async function drawBare({ charts, series, points }: { charts: number; series: number; points: number }): Promise<void> {
  const canvases: HTMLElement[] = [];
  for (let chart = 0; chart < charts; chart++) {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'position: fixed; inset: 0';
    [canvas.width, canvas.height] = [240, 60];
    document.body.append(canvas);
    canvases.push(canvas);
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    for (let line = 0; line < series; line++) {
      context.beginPath();
      for (let at = 0; at < points; at++) context.lineTo((at / points) * 240, 30 + 25 * Math.sin(at * 0.37 + line));
      context.stroke();
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  for (const canvas of canvases) canvas.remove();
}
