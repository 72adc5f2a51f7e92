/** The window on a fake bridge that replays recorded runs: every view and what a user does in it, without the service. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HOSTILE, type Fake } from '../fixtures/bridge/fake.ts';
import { nothingToRunIn, openStage, type Stage } from './window.ts';

declare const window: { fake: Fake; cspViolations: string[] };

const reason = nothingToRunIn();
if (reason) console.warn(`SKIPPED: all tests of the window, because ${reason}`);

const LOSS = '[data-chart="Loss"]';
const BUG = '1:digits-cnn/accum4';

let stage: Stage;
let page: Page;

describe.skipIf(reason !== null)('the window', () => {
  beforeAll(async () => {
    stage = await openStage();
    console.log(`the window is tested in ${stage.runtime}`);
  });
  afterAll(() => stage?.close());
  afterEach(async () => {
    if (!page) return;
    expect(await page.evaluate(() => window.cspViolations)).toEqual([]);
    expect(await asked('reportError')).toEqual([]);
  });

  async function open(query = ''): Promise<void> {
    page = await stage.open(query);
    await stage.resize(1440, 900);
    if (!/scene=(empty|loading)/.test(query)) await drawn(LOSS, 'last-train');
  }

  async function openRun(key: string): Promise<void> {
    await page.fill('#filter', key.slice(2));
    await page.click(`[data-run="${key}"]`);
    await page.fill('#filter', '');
    await page.locator('h1', { hasText: key.slice(2) }).waitFor();
  }

  const drawn = (chart: string, attribute: string) => page.locator(`${chart}[data-${attribute}]`).first().waitFor();
  const number = async (chart: string, attribute: string) => Number(await page.locator(chart).first().getAttribute(`data-${attribute}`));
  const asked = (channel: string) => page.evaluate((name) => window.fake.requests.filter((request) => request.channel === name).map((request) => request.args), channel);
  const names = () => page.locator('[data-run] .name').allInnerTexts();
  const until = (holds: () => Promise<boolean>) => expect.poll(holds, { timeout: 5000 }).toBe(true);

  describe('can be used by everybody', () => {
    const views: [string, string, () => Promise<void>][] = [
      ['run', '', () => openRun(BUG)],
      ['a run with faults', '', () => openRun('1:digits-mlp/lr15')],
      ['a young run without a GPU', 'gpu=no', () => openRun('1:digits-mlp/seed7')],
      ['compare', '', () => compareThree()],
      ['machine', '', () => page.getByRole('button', { name: 'Machine' }).click()],
      ['alerts', '', () => page.keyboard.press('g').then(() => page.keyboard.press('a'))],
      ['problems', '', () => page.getByRole('button', { name: /problems in/ }).click()],
      ['settings', '', () => page.getByRole('button', { name: 'Settings' }).click()],
      ['explanation', '', () => openRun(BUG).then(() => page.getByRole('button', { name: /^About accumulation/ }).click())],
      ['first start', 'scene=empty', () => page.getByRole('button', { name: /Choose a folder/ }).waitFor()],
      ['palette', '', () => page.keyboard.press('Control+k')],
      ['shortcuts', '', () => page.keyboard.press('?')],
      ['chart as a table', '', () => page.locator(LOSS).press('t')],
    ];
    for (const scheme of ['light', 'dark'] as const) {
      test.each(views)(`%s, ${scheme}: no violation of WCAG 2.2 AA that axe can find`, async (_name, query, go) => {
        await stage.open().then((opened) => opened.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' }));
        await open(query);
        await go();
        await page.waitForTimeout(150);
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).setLegacyMode(true).analyze();
        expect(violations.map((found) => `${found.id}: ${found.help}\n  ${found.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join('\n  ')}`)).toEqual([]);
      });
    }

    test.each([[1440, 900], [1280, 800], [1000, 700], [900, 600]])('nothing runs out of the window at %i × %i', async (width, height) => {
      await open();
      await stage.resize(width, height);
      await openRun(BUG);
      const overflow = await page.evaluate(() => [...document.querySelectorAll('.window, header.top, main, .right, .left')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className));
      expect(overflow).toEqual([]);
      const [main, right] = await Promise.all([page.locator('main').boundingBox(), page.locator('.right').boundingBox()]);
      if (!main || !right) throw new Error('no columns');
      if (width < 1200) expect(right.y).toBeGreaterThanOrEqual(main.y + main.height - 1);
      else expect(right.x).toBeGreaterThanOrEqual(main.x + main.width - 1);
    });
  });

  describe('the runs list', () => {
    test('filters by words, regular expressions and conditions, and says what it cannot read', async () => {
      await open();
      await page.keyboard.press('/');
      await page.keyboard.type('digits state:running');
      expect(await names()).toEqual(['digits-cnn/accum4', 'digits-mlp/seed6', 'digits-mlp/seed7']);
      await page.fill('#filter', '/seed[67]$/');
      expect((await names()).filter((name) => name.startsWith('digits'))).toEqual(['digits-mlp/seed6', 'digits-mlp/seed7']);
      await page.fill('#filter', '/(/');
      await page.getByText('not a valid regular expression').first().waitFor();
      await page.keyboard.press('Escape');
      expect((await names()).length).toBeGreaterThan(10);
    });

    test('is moved through, opened, pinned and hidden by keys', async () => {
      await open();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const second = (await names())[1] as string;
      await page.locator('h1', { hasText: second }).waitFor();
      await page.keyboard.press('p');
      await page.getByText('Pinned', { exact: true }).waitFor();
      expect((await names())[0]).toBe(second);
      expect(await asked('setPinned')).toEqual([[`1:${second}`, true]]);
      await page.keyboard.press('h');
      await until(async () => !(await names()).includes(second));
      await page.getByRole('button', { name: 'Show 1 hidden' }).click();
      await until(async () => (await names()).includes(second));
      await page.getByRole('listbox', { name: 'Runs, newest first' }).focus();
      await page.keyboard.press('End');
      await until(async () => (await page.locator('.row.active').getAttribute('aria-posinset')) === '60');
    });

    test('holds thousands of rows with a few of them in the page', async () => {
      await open('rows=5000');
      expect(await page.locator('[role=option]').count()).toBeLessThan(50);
      await page.getByRole('listbox', { name: 'Runs, newest first' }).focus();
      await page.keyboard.press('End');
      await page.locator('[role=option][aria-posinset="5000"]').waitFor();
      expect(await page.locator('[role=option]').count()).toBeLessThan(50);
      const took = await page.evaluate(async () => {
        const list = document.querySelector('[role=listbox]') as HTMLElement;
        let worst = 0;
        for (let i = 0; i < 40; i++) {
          list.scrollTop = (i % 2 ? 200_000 : 0) + i * 997;
          const before = performance.now();
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          worst = Math.max(worst, performance.now() - before);
        }
        return worst;
      });
      console.log(`5000 rows: slowest of 40 jumps through the list took ${took.toFixed(0)} ms to the next frame`);
      expect(took).toBeLessThan(500);
    });
  });

  describe('the run view', () => {
    test('draws new points as they come, reports them, and stays where the user zoomed', async () => {
      await open();
      await openRun(BUG);
      await drawn(LOSS, 'last-train');
      const before = { x: await number(LOSS, 'last-x'), points: await number(LOSS, 'points') };
      await page.evaluate((key) => window.fake.grow(key, 0.05), BUG);
      await until(async () => (await number(LOSS, 'last-x')) > before.x && (await number(LOSS, 'points')) > before.points);
      await until(async () => (await asked('painted')).length > 0);
      const [[painted]] = (await asked('painted')) as [[{ committedAtMs: number; paintedAtMs: number }]];
      expect(painted.paintedAtMs).toBeGreaterThanOrEqual(painted.committedAtMs);
      await page.getByText(/append to pixel \d+ ms/).waitFor();

      await drag(0.3, 0.6);
      await until(async () => (await number(LOSS, 'from')) > 1);
      const zoom = [await number(LOSS, 'from'), await number(LOSS, 'to')];
      await page.evaluate((key) => window.fake.grow(key, 0.05), BUG);
      await page.waitForTimeout(300);
      expect([await number(LOSS, 'from'), await number(LOSS, 'to')]).toEqual(zoom);
      await page.locator(`${LOSS} .u-over`).dblclick();
      await until(async () => (await number(LOSS, 'from')) === 0);
    });

    test('answers a burst of messages with one request at a time', async () => {
      await open('delay=60');
      await openRun(BUG);
      await drawn(LOSS, 'last-train');
      await page.waitForTimeout(400);
      const before = (await asked('curves')).length;
      await page.evaluate((key) => Array.from({ length: 100 }, () => window.fake.grow(key, 0.001)), BUG);
      await page.waitForTimeout(500);
      const series = await page.evaluate((from) => window.fake.requests.filter((request) => request.channel === 'curves').slice(from).length, before);
      expect(series).toBeLessThanOrEqual(6);
    });

    test('is zoomed, moved and read by keys, and all charts go along', async () => {
      await open();
      await openRun(BUG);
      const chart = page.locator(LOSS);
      await chart.focus();
      const whole = await number(LOSS, 'to');
      await chart.press('ArrowRight');
      await chart.press('ArrowRight');
      await page.locator('figure', { hasText: 'Gap ln' }).locator('.place').waitFor();
      expect(await page.locator('[aria-live=polite]', { hasText: /^epoch .*train .*val / }).count()).toBe(1);
      await chart.press('+');
      await until(async () => (await number(LOSS, 'to')) < whole * 0.75);
      expect(await number('[data-chart^="Gap"]', 'to')).toBe(await number(LOSS, 'to'));
      const left = await number(LOSS, 'from');
      await chart.press('Shift+ArrowRight');
      await until(async () => (await number(LOSS, 'from')) > left);
      await chart.press('0');
      await until(async () => (await number(LOSS, 'to')) === whole);
      await chart.press('n');
      await page.locator('[aria-live=polite]', { hasText: 'gap fired' }).waitFor({ state: 'attached' });
    });

    test('changes axis, scale and smoothing, and keeps them for the next time', async () => {
      await open();
      await openRun(BUG);
      await page.getByRole('radio', { name: 'Step' }).click();
      await until(async () => (await number(LOSS, 'last-x')) > 500);
      await page.getByRole('radio', { name: 'Elapsed' }).click();
      await until(async () => (await number(LOSS, 'last-x')) > 2000);
      await page.keyboard.press('l');
      expect(await page.getByRole('radio', { name: 'Log' }).getAttribute('aria-checked')).toBe('true');
      const smoothing = page.getByRole('slider', { name: 'Smoothing' });
      await smoothing.focus();
      await page.keyboard.press('Home');
      expect(await smoothing.getAttribute('aria-valuetext')).toBe('off');
      await page.reload();
      await drawn(LOSS, 'last-train');
      expect(await page.getByRole('radio', { name: 'Elapsed' }).getAttribute('aria-checked')).toBe('true');
      expect(await smoothing.getAttribute('aria-valuetext')).toBe('off');
      expect(await page.locator('h1').innerText()).toBe('digits-cnn/accum4');
    });

    test('moves training losses by half an epoch on demand', async () => {
      await open();
      await openRun(BUG);
      const before = await number(LOSS, 'from');
      await page.getByRole('button', { name: 'Half-epoch shift' }).click();
      await until(async () => Math.abs(before - 0.5 - (await number(LOSS, 'from'))) < 0.02);
    });

    test('fetches only charts in sight', async () => {
      await open('scene=wide');
      await openRun('1:a-wide-one');
      await drawn('[data-chart="m0"]', 'points');
      await page.getByRole('button', { name: /Show \d+ more/ }).waitFor();
      const last = page.locator('[data-chart="m8"]');
      expect(await last.getAttribute('data-points')).toBeNull();
      const wanted = () => page.evaluate(() => JSON.stringify(window.fake.requests.filter((request) => request.channel === 'curves').map((request) => request.args)));
      expect(await wanted()).not.toContain('m8/');
      await last.scrollIntoViewIfNeeded();
      await drawn('[data-chart="m8"]', 'points');
      expect(await wanted()).toContain('m8/');
    });

    test('draws 20 charts of 10 series of 1000 points soon after they are asked for', async () => {
      await open('scene=wide');
      await stage.resize(1440, 900);
      await openRun('1:a-wide-one');
      await drawn('[data-chart="m0"]', 'points');
      const took = await page.evaluate(async () => {
        const main = document.querySelector('main') as HTMLElement;
        main.style.cssText = 'zoom: 0.2';
        const button = [...document.querySelectorAll('button')].find((one) => /Show \d+ more/.test(one.textContent ?? ''));
        const start = performance.now();
        button?.click();
        while (document.querySelectorAll('[data-chart^="m"][data-points="10000"]').length < 20) await new Promise((resolve) => requestAnimationFrame(resolve));
        const end = performance.now() - start;
        main.style.cssText = '';
        return end;
      });
      console.log(`20 charts × 10 series × 1000 points: ${took.toFixed(0)} ms from click to drawn`);
      expect(took).toBeLessThan(5000);
    });

    test('says in plain words what is not there', async () => {
      await open('gpu=no');
      await openRun('1:digits-mlp/seed7');
      await page.getByText('No NVIDIA driver was found').waitFor();
      await page.getByText('3 of 8 evals: a gap is judged from the eighth on.').waitFor();
    });

    test('shows far outliers at the edge, with their number, until asked for all', async () => {
      await open();
      await openRun('1:digits-mlp/lr15');
      await page.getByRole('button', { name: /values off the picture, up to 593/ }).click();
      await page.getByRole('button', { name: 'Cut outliers off' }).waitFor();
    });
  });

  describe('diagnosis and remedies', () => {
    test('name the cause with its evidence, what was checked, and an experiment to copy', async () => {
      await open();
      await openRun(BUG);
      const panel = page.getByRole('region', { name: 'Diagnosis' });
      await panel.getByText('Measurement bug').waitFor();
      await panel.getByText('First train loss 9.25 is 4.02 × ln 10').waitFor();
      await panel.getByRole('button', { name: 'Copy the snippet' }).click();
      expect(JSON.stringify(await asked('copyText'))).toContain('before scaling');
      await panel.getByText('What was checked').click();
      await panel.getByText('Leaked rows cannot be proven from curves.').waitFor();
      await panel.getByRole('button', { name: /^About accumulation/ }).click();
      await page.getByRole('heading', { name: 'What happens' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('region', { name: 'Diagnosis' }).waitFor();
    });

    test('without enough evidence name a family and three candidates', async () => {
      await open();
      await openRun('1:digits-mlp/fold3');
      const panel = page.getByRole('region', { name: 'Diagnosis' });
      await panel.getByText('No single cause can be named').waitFor();
      expect(await panel.locator('.causes > li').count()).toBe(3);
    });

    test('the checklist goes through its four states by key and keeps notes', async () => {
      await open();
      await openRun(BUG);
      const box = page.getByRole('checkbox', { name: /^Log a second metric/ });
      await box.focus();
      await page.keyboard.press('d');
      await page.getByRole('checkbox', { name: /^Log a second metric.*: done/ }).waitFor();
      await page.getByText('2 of 7').waitFor();
      await page.keyboard.press('Space');
      await page.getByRole('checkbox', { name: /: does not apply/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: /^Note on “Log a second/ }).fill('perplexity agrees');
      await page.getByRole('textbox', { name: /^Note on “Log a second/ }).blur();
      await until(async () => JSON.stringify(await asked('setRemedy')).includes('perplexity agrees'));
    });
  });

  describe('the other views', () => {
    test('compare runs by colour, with what differs and the gap of each', async () => {
      await open();
      await compareThree();
      await page.locator('[data-chart="Loss"][data-last-train2]').waitFor();
      await page.getByRole('row', { name: /^dropout/ }).waitFor();
      await page.getByText('validation below').first().waitFor();
      await page.getByRole('button', { name: 'Take digits-cnn/accum4 out of the comparison' }).click();
      await until(async () => (await page.locator('.picked li .truncate').count()) === 2);
    });

    test('alerts are judged, muted and opened at their step, and count as seen', async () => {
      await open();
      await page.getByRole('button', { name: '2 alerts' }).click();
      await page.getByRole('button', { name: 'Alerts' }).waitFor();
      await page.getByRole('button', { name: 'Expected here' }).first().click();
      expect((await asked('alertFeedback'))[0]?.[1]).toBe('expected-here');
      await page.getByRole('button', { name: /^Validation loss 6\d % below/ }).first().click();
      await page.locator('h1', { hasText: 'digits-cnn/accum4' }).waitFor();
      await page.locator('figure', { hasText: 'Gap ln' }).locator('.place', { hasText: 'epoch 10' }).waitFor();
      await page.evaluate(() => window.fake.alarm());
      await page.getByRole('button', { name: '1 alert' }).waitFor();
      await page.getByText('New alert for digits-cnn/accum4').waitFor({ state: 'attached' });
    });

    test('settings are kept at once', async () => {
      await open();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('switch', { name: 'Also for expected gaps' }).click();
      await page.getByRole('radio', { name: 'Dark' }).click();
      await until(async () => (await page.evaluate(() => document.documentElement.dataset['theme'])) === 'dark');
      expect((await asked('saveSettings')).at(-1)?.[0]).toMatchObject({ notifyExpected: true, theme: 'dark' });
    });

    test('problems say file, byte and reason', async () => {
      await open();
      await page.getByRole('button', { name: '2 problems in 60 runs' }).click();
      await page.getByRole('row', { name: /metrics\.jsonl 145,019 Not JSON/ }).waitFor();
    });

    test('the palette opens a run by a few letters', async () => {
      await open();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('lr15');
      await page.keyboard.press('Enter');
      await page.locator('h1', { hasText: 'digits-mlp/lr15' }).waitFor();
    });
  });

  describe('folders', () => {
    test('the first start offers a folder or an example', async () => {
      await open('scene=empty');
      await page.getByRole('button', { name: 'Play the example “Dropout”' }).click();
      await page.locator('h1', { hasText: 'digits-cnn/accum4' }).waitFor();
      expect(await asked('playExample')).toEqual([['dropout']]);
    });

    test('a folder dropped anywhere is added; a file is refused in words', async () => {
      await open();
      for (const name of ['more-runs', 'notes.txt']) {
        const transfer = await page.evaluateHandle((file) => {
          const data = new DataTransfer();
          data.items.add(new File([''], file));
          return data;
        }, name);
        await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
        await page.getByText('Drop a folder to watch it').waitFor();
        await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
      }
      expect(await asked('addFolder')).toEqual([['/home/anna/more-runs'], ['/home/anna/notes.txt']]);
      await page.getByText('This is a file. Gapwatch watches folders.').waitFor();
    });
  });

  test('text from logs is text, whatever it says', async () => {
    await open('scene=hostile');
    await page.fill('#filter', 'onerror');
    await page.locator('[role=option]').first().click();
    await page.locator('h1', { hasText: HOSTILE }).waitFor();
    await page.getByText(/^Configuration/).click();
    expect(await page.locator('#app img, #app b, #app script').count()).toBe(0);
    expect(await page.title()).toContain(HOSTILE);
  });

  async function compareThree(): Promise<void> {
    for (const name of ['digits-cnn/accum4', 'blobs-mlp/dropout04', 'digits-mlp/fold3']) {
      await page.fill('#filter', name);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('x');
    }
    await page.fill('#filter', '');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Compare 3' }).click();
    await page.getByText('Configuration that differs').waitFor();
  }

  async function drag(from: number, to: number): Promise<void> {
    const box = await page.locator(`${LOSS} .u-over`).boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * from, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * to, box.y + 70, { steps: 6 });
    await page.mouse.up();
  }
});
