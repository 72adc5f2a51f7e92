/** Redrawing a chart of hundreds of lines, the raster included, beside bare uPlot with the same lines on the same page, in turn. */
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { _electron, type Page } from 'playwright';
import { build } from 'vite';
import { electronExecutable } from '../../scripts/electron.mjs';
import { pageCpu } from '../e2e/pageCpu.ts';
import type { Redraws } from './redraw-page.svelte.ts';
import { milliseconds, paired, skipped, type Row } from './row.ts';

const PAIRS = 7;
const POINTS = 2000;
const TIMES = 4;
const TARGET = { text: '<= 1.1', met: (ratio: number) => ratio <= 1.1 };

type Prepared = Window & { prepare(series: number, points: number): Promise<Redraws>; redraws: Redraws };

export async function benchRedraw(): Promise<Row[]> {
  const what = (series: number) => `redraw of ${series} series x ${POINTS} points, raster included, CPU: our chart / bare uPlot`;
  if (process.platform === 'linux' && !process.env['DISPLAY']) return [skipped(what(100), 'no display; run it under xvfb-run', TARGET.text)];
  const { executable, argsBefore } = electronExecutable();
  const empty = join(import.meta.dirname, '../fixtures/bridge/electron');
  const app = await _electron.launch({ executablePath: executable, args: [...argsBefore.slice(0, -1), empty] });
  try {
    const page = await app.firstWindow();
    await page.evaluate(await pageScript());
    const rows: Row[] = [];
    for (const series of [100, 500]) rows.push(paired(what(series), await pairs(page, series), milliseconds, ({ ours, anchor }) => ours / anchor, TARGET));
    return rows;
  } finally {
    await app.close();
  }
}

async function pairs(page: Page, series: number): Promise<{ ours: number; anchor: number }[]> {
  const ready = ([lines, points]: [number, number]) => (window as unknown as Prepared).prepare(lines, points).then((redraws) => void ((window as unknown as Prepared).redraws = redraws));
  await page.evaluate(ready, [series, POINTS] as [number, number]);
  const redraw = (which: keyof Redraws): Promise<number> =>
    pageCpu(page, () => page.evaluate(([one, times]) => (window as unknown as Prepared).redraws[one](times), [which, TIMES] as [keyof Redraws, number])).then((took) => (took * 1000) / TIMES);
  const found: { ours: number; anchor: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) found.push({ ours: await redraw('ours'), anchor: await redraw('bare') });
  return found;
}

/** The page's code, with our charts compiled as in the product. */
async function pageScript(): Promise<string> {
  const made = await build({
    configFile: false,
    root: join(import.meta.dirname, '../..'),
    logLevel: 'error',
    publicDir: false,
    plugins: [svelte({ configFile: false })],
    build: { write: false, target: 'chrome130', rolldownOptions: { input: join(import.meta.dirname, 'redraw-page.svelte.ts'), output: { format: 'iife' } } },
  });
  const { output } = (Array.isArray(made) ? made[0] : made) as { output: { type: string; code?: string }[] };
  return output.find(({ type }) => type === 'chunk')?.code ?? '';
}
