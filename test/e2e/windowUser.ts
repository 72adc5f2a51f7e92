/** A user of the window in tests: opens it on a scene of the fake bridge, and looks and types as users do. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Fake } from '../fixtures/bridge/fake.ts';
import { nothingToRunIn, openStage, type Stage } from './window.ts';

declare const window: { fake: Fake; cspViolations: string[] };

export const LOSS = '[data-chart="Loss"]';
/** A run with a measurement bug, still running. */
export const BUG = '1:digits-cnn/accum4';

let stage: Stage;
export let page: Page;

/** A group of tests in the window. Afterwards no policy may have been violated and the page must not have reported an error. Skips loudly. */
export function describeWindow(name: string, tests: () => void): void {
  const reason = nothingToRunIn();
  if (reason) console.warn(`SKIPPED: all tests of ${name}, because ${reason}`);
  describe.skipIf(reason !== null)(name, () => {
    beforeAll(async () => {
      stage = await openStage();
      page = stage.page;
      console.log(`${name} is tested in ${stage.runtime}`);
    });
    afterAll(() => stage?.close());
    afterEach(async () => {
      expect(await page.evaluate(() => window.cspViolations)).toEqual([]);
      expect(await asked('reportError')).toEqual([]);
    });
    tests();
  });
}

/** Opens the window anew, with nothing remembered, and waits for the first curve where the scene has one. */
export async function open(query = ''): Promise<void> {
  await stage.open(query);
  await stage.resize(1440, 900);
  if (!/scene=(empty|loading)/.test(query)) await drawn(LOSS, 'last-train');
}

export const resize = (width: number, height: number) => stage.resize(width, height);
export const zoom = (factor: number) => stage.zoom(factor);

export async function openRun(key: string): Promise<void> {
  await page.fill('#filter', key.slice(2));
  await page.click(`[data-run="${key}"]`);
  await page.fill('#filter', '');
  await page.locator('h1', { hasText: key.slice(2) }).waitFor();
}

export const compareThree = () => compareRuns(['digits-cnn/accum4', 'blobs-mlp/dropout04', 'digits-mlp/fold3']);

/** Chooses runs by their names and opens the comparison. */
export async function compareRuns(names: string[]): Promise<void> {
  for (const name of names) {
    await page.fill('#filter', name);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('x');
  }
  await page.fill('#filter', '');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: `Compare ${names.length}` }).click();
  await page.getByText('Configuration that differs').waitFor();
}

/** Waits until a chart has drawn something that it says in an attribute. */
export const drawn = (chart: string, attribute: string) => page.locator(`${chart}[data-${attribute}]`).first().waitFor();
export const number = async (chart: string, attribute: string) => Number(await page.locator(chart).first().getAttribute(`data-${attribute}`));
/** Arguments of every request on a channel so far. */
export const asked = (channel: string) => page.evaluate((name) => window.fake.requests.filter((request) => request.channel === name).map((request) => request.args), channel);
/** Points are written for a run, as far as `share` of its recording. */
export const grow = (key: string, share: number, times = 1) =>
  page.evaluate(([run, part, n]) => { for (let i = 0; i < n; i++) window.fake.grow(run, part); }, [key, share, times] as [string, number, number]);
export const until = (holds: () => Promise<boolean>) => expect.poll(holds, { timeout: 5000 }).toBe(true);
