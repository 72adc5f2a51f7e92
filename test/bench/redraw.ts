/**
 * Redrawing a chart of hundreds of lines, the raster included, beside bare uPlot with the same lines on the same page, in turn. What is counted
 * is the CPU of all of Electron's processes: which thread of which process rasters a canvas, and within which task, is Chromium's choice,
 * and what it tells of the page's tasks held the raster of the one chart and not of the other.
 */
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';
import { chartScript } from '../e2e/chartScript.ts';
import { whyNoWindow } from './app.ts';
import { cpuOf, familyOf } from './processes.ts';
import type { Redraws } from './redraw-page.svelte.ts';
import { milliseconds, paired, skipped, type Row } from './row.ts';

const PAIRS = 7;
const POINTS = 2000;
const TIMES = 8;
const TARGET = { text: '<= 1.1', met: (ratio: number) => ratio <= 1.1 };

type Prepared = Window & { prepare(series: number, points: number): Promise<Redraws>; redraws: Redraws };

export async function benchRedraw(): Promise<Row[]> {
  const what = (series: number) => `redraw of ${series} series x ${POINTS} points, raster included, CPU: our chart / bare uPlot`;
  const why = whyNoWindow();
  if (why !== null) return [skipped(what(100), why, TARGET.text)];
  return withRedraws(async (measure) => {
    const rows: Row[] = [];
    for (const series of [100, 500]) rows.push(paired(what(series), await measure(series, POINTS, PAIRS), milliseconds, ({ ours, anchor }) => ours / anchor, TARGET));
    return rows;
  });
}

/** Redraws charts of so many lines of so many points in turn; milliseconds of CPU that one redraw takes, by pair. */
type Measure = (series: number, points: number, pairs: number) => Promise<{ ours: number; anchor: number }[]>;

/** Opens an empty window with both charts' code for a while. */
export async function withRedraws<T>(work: (measure: Measure) => Promise<T>): Promise<T> {
  const { executable, argsBefore } = electronExecutable();
  const empty = join(import.meta.dirname, '../fixtures/bridge/electron');
  const app = await _electron.launch({ executablePath: executable, args: [...argsBefore.slice(0, -1), empty] });
  try {
    const page = await app.firstWindow();
    await page.evaluate(await chartScript(join(import.meta.dirname, 'redraw-page.svelte.ts')));
    return await work((series, points, pairs) => measured(app, page, series, points, pairs));
  } finally {
    await app.close();
  }
}

async function measured(app: ElectronApplication, page: Page, series: number, points: number, pairs: number): Promise<{ ours: number; anchor: number }[]> {
  const ready = ([lines, each]: [number, number]) => (window as unknown as Prepared).prepare(lines, each).then((redraws) => void ((window as unknown as Prepared).redraws = redraws));
  await page.evaluate(ready, [series, points] as [number, number]);
  const family = familyOf(app.process().pid ?? 0);
  const redraw = async (which: keyof Redraws): Promise<number> => {
    const before = cpuOf(family);
    await page.evaluate(([one, times]) => (window as unknown as Prepared).redraws[one](times), [which, TIMES] as [keyof Redraws, number]);
    return ((cpuOf(family) - before) * 1000) / TIMES;
  };
  const found: { ours: number; anchor: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) found.push({ ours: await redraw('ours'), anchor: await redraw('bare') });
  return found;
}
