/** The window can be used by everybody: no violation that axe can find, in every view and both themes, and room at every size. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import type { RunDetail } from '../../preload/contract.ts';
import type { Fake } from '../fixtures/bridge/fake.ts';
import { ALIKE, HOSTILE } from '../fixtures/bridge/scenes.ts';
import { BUG, compareThree, describeWindow, LOSS, open, openRun, page, resize, until, zoom } from './windowUser.ts';

declare const window: { fake: Fake };

describeWindow('the window for everybody', () => {
  const views: [string, string, () => Promise<void>][] = [
    ['run', '', () => openRun(BUG)],
    ['a run with faults', '', () => openRun('1:digits-mlp/lr15')],
    ['a young run without a GPU', 'gpu=no', () => openRun('1:digits-mlp/seed7')],
    ['compare', '', () => compareThree()],
    ['machine', '', () => page.getByRole('button', { name: 'Machine' }).click()],
    ['alerts', '', () => page.keyboard.press('g').then(() => page.keyboard.press('a'))],
    ['what to do with an alert', '', async () => { for (const key of ['g', 'a', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key); }],
    ['problems', '', () => page.getByRole('button', { name: /problems in/ }).click()],
    ['settings', '', () => page.getByRole('button', { name: 'Settings' }).click()],
    ['explanation', '', () => openRun(BUG).then(() => page.getByRole('button', { name: /^About accumulation/ }).click())],
    ['first start', 'scene=empty', () => page.getByRole('button', { name: /Choose a folder/ }).waitFor()],
    ['the values of a card', 'scene=wide', () => openRun('1:a-wide-one').then(() => page.locator('[data-chart="m1"]').focus())],
    ['palette', '', () => page.keyboard.press('Control+k')],
    ['shortcuts', '', () => page.keyboard.press('?')],
    ['chart as a table', '', () => page.locator(LOSS).press('t')],
  ];
  for (const scheme of ['light', 'dark'] as const) {
    test.each(views)(`%s, ${scheme}: no violation of WCAG 2.2 AA that axe can find`, async (_name, query, go) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(query);
      await go();
      await page.waitForTimeout(150);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).setLegacyMode(true).analyze();
      expect(violations.map((found) => `${found.id}: ${found.help}\n  ${found.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join('\n  ')}`)).toEqual([]);
    });
  }

  test('columns are as wide as the user drew them, by keys, by pointer, and after a restart', async () => {
    await open();
    await openRun(BUG);
    const width = async (column: string) => (await page.locator(column).boundingBox())?.width ?? 0;
    const edge = page.getByRole('separator', { name: /Runs/ });
    await edge.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until(async () => (await width('.left')) === 336);
    expect(await edge.getAttribute('aria-valuenow')).toBe('336');
    const right = await page.getByRole('separator', { name: /Diagnosis/ }).boundingBox();
    if (!right) throw new Error('no edge');
    await page.mouse.move(right.x + 4, 400);
    await page.mouse.down();
    await page.mouse.move(right.x - 56, 400, { steps: 4 });
    await page.mouse.up();
    await until(async () => (await width('.right')) > 420);
    await page.reload();
    await until(async () => (await width('.left')) === 336 && (await width('.right')) > 420);
    await resize(1210, 800);
    for (const name of [/Runs/, /Diagnosis/]) await page.getByRole('separator', { name }).press('End');
    await until(async () => (await width('main')) >= 380);
    await resize(1440, 900);
    await page.getByRole('separator', { name: /Runs/ }).dblclick();
    await until(async () => (await width('.left')) === 304);
  });

  test('at 200 % zoom the list lies over the run and comes by a button or a key, and nothing is cut off', async () => {
    await open();
    await openRun(BUG);
    await zoom(2);
    const list = page.getByRole('listbox', { name: 'Runs, newest first' });
    expect(await list.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Show the runs' }).click();
    await list.waitFor();
    await page.locator('[role=option]').first().click();
    await until(async () => !(await list.isVisible()));
    await page.keyboard.press('/');
    await until(() => page.evaluate(() => document.activeElement?.id === 'filter'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await until(async () => !(await list.isVisible()));
    expect(await overflowing()).toEqual([]);
    await zoom(1);
  });

  test('the window itself has nothing to scroll to', async () => {
    await open();
    for (const [width, height] of [[1440, 900], [1100, 720], [720, 560]] as const) {
      await resize(width, height);
      await until(() => page.evaluate(() => document.body.scrollHeight === document.body.clientHeight));
    }
  });

  test('every stop of the Tab key shows that it has the focus', async () => {
    await open();
    await openRun(BUG);
    const unseen = new Set<string>();
    for (let i = 0; i < 70; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const at = document.activeElement;
        if (!at || at === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        const box = at.getBoundingClientRect();
        return { what: `${at.tagName} ${at.className} ${at.getAttribute('aria-label') ?? at.textContent?.slice(0, 30)}`, seen: outlineStyle !== 'none' && outlineWidth !== '0px' && box.width > 0 && box.height > 0 };
      });
      if (stop && !stop.seen) unseen.add(stop.what);
    }
    // The order of the list is a select behind an icon, which shows the ring in its place.
    expect([...unseen].filter((what) => !/Order$/.test(what))).toEqual([]);
  });

  test.each([[1440, 900], [1280, 800], [1024, 640], [1000, 700], [900, 600], [760, 520]])('nothing runs out of the window at %i × %i', async (width, height) => {
    await open();
    await resize(width, height);
    await openRun(BUG);
    expect(await overflowing()).toEqual([]);
    const [main, right] = await Promise.all([page.locator('main').boundingBox(), page.locator('.right').boundingBox()]);
    if (!main || !right) throw new Error('no columns');
    if (width < 1200) expect(right.y).toBeGreaterThanOrEqual(main.y + main.height - 1);
    else expect(right.x).toBeGreaterThanOrEqual(main.x + main.width - 1);
  });

  test('what is said beside the title of a chart has room on its card at any width', async () => {
    await open();
    await page.evaluate(() => {
      const { fake } = window;
      const request = fake.request.bind(fake);
      fake.request = async (channel, ...args) => {
        const answer = await request(channel, ...args);
        // As after 120,000 evals.
        if (channel === 'run' && answer.ok) Object.assign((answer.value as RunDetail).diagnosis.gap, { state: 'val-above', d: -0.0692, low: -0.0708, high: -0.0675, firedAt: { eval: 56_493, step: 56_494, epoch: null }, since: { eval: 2, step: 12_345, epoch: null }, until: null });
        return answer;
      };
    });
    await openRun('1:digits-mlp/seed7');
    await page.getByRole('radio', { name: 'Step' }).click();
    for (const width of [1240, 1280, 1360, 1440, 1520, 1600]) {
      await resize(width, 900);
      expect([width, ...(await outside('figure > header'))]).toEqual([width]);
    }
    await page.getByText('validation above since eval 56,494').waitFor();
  });

  test('smoothing is named beside its value where there is room', async () => {
    await open('scene=axes');
    await openRun('1:only-steps');
    const label = page.locator('.stepper .label');
    for (const width of [1440, 1280]) {
      await resize(width, 800);
      expect([width, await label.isVisible(), (await page.locator('.controls').boundingBox())?.height]).toEqual([width, true, 26]);
    }
    await openRun(BUG);
    expect(await label.isVisible()).toBe(false);
    expect((await page.locator('.controls').boundingBox())?.height).toBe(26);
  });

  test('notices close at one edge, however long they are', async () => {
    await open();
    const list = page.getByRole('listbox', { name: 'Runs, newest first' });
    for (const name of ['digits-mlp/seed6', 'gpt2-small-wiki/seed20']) {
      await page.fill('#filter', name);
      await list.press('Home');
      await page.keyboard.press('h');
    }
    const closers = page.locator('.notices button');
    await until(async () => (await closers.count()) === 2);
    const [first, second] = await Promise.all([closers.nth(0).boundingBox(), closers.nth(1).boundingBox()]);
    expect(first?.x).toBe(second?.x);
  });

  test.each([[1440, 900], [1024, 640], [760, 520]])('a name is not cut in the title, a time not in the list, and whatever is cut can be read, at %i × %i', async (width, height) => {
    await open('scene=hostile');
    await resize(width, height);
    await page.fill('#filter', 'onerror');
    await page.locator('[role=option]').first().click();
    await page.locator('h1', { hasText: HOSTILE }).waitFor();
    await page.fill('#filter', 'n300');
    expect(await cut('h1')).toEqual([]);
    expect(await cut('[data-run="1:blobs-mlp/n300"] .when > :last-child')).toEqual([]);
    await page.fill('#filter', '');
    expect(await cut('.truncate', true)).toEqual([]);
  });

  test('names that differ in their middle can be told apart where they are cut, and are read as one', async () => {
    await open('scene=alike');
    await page.fill('#filter', 'resnet50-im');
    await page.getByRole('option', { name: ALIKE[0] as string }).waitFor();
    /** The part of each name that is in sight whole. */
    const seen = (where: string) => page.locator(`${where} .kept`).evaluateAll((parts) => parts.filter((part) => [part, ...part.children].every((box) => box.scrollWidth <= box.clientWidth + 1)).map((part) => part.textContent).sort());
    const differs = ALIKE.map((name) => name.split('/')[1]?.replace('-cosine-bs256-attempt-1', '')).sort();
    expect(await cut('[role=option] .name .end')).toEqual([]);
    expect(await seen('[role=option]')).toEqual(differs);
    // In a narrow list what they have in common gives way wholly.
    for (let i = 0; i < 3; i++) await page.getByRole('separator', { name: /Runs/ }).press('ArrowLeft');
    await until(async () => (await page.locator('.left').boundingBox())?.width === 256);
    expect(await cut('[role=option] .name .end')).toEqual([]);
    expect(await seen('[role=option]')).toEqual(differs);
    for (const key of ['g', 'c']) await page.getByRole('listbox').press(key);
    await page.getByRole('button', { name: 'Compare the first 4 of the list' }).click();
    await until(async () => (await seen('.picked')).length === 4);
    expect(await seen('.picked')).toEqual(differs);
    expect(await page.getByRole('listitem').filter({ hasText: ALIKE[1] as string }).count()).toBeGreaterThan(0);
  });

  /** Texts of elements that are not in sight whole, within whatever cuts them off; of those that say nothing on hover, if so asked. */
  const cut = (selector: string, unsaid = false) =>
    page.evaluate(([wanted, untold]) => {
      const box = (element: Element) => element.getBoundingClientRect();
      const isCut = (element: Element) => {
        const cutter = element.parentElement as Element;
        return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1 || (getComputedStyle(cutter).overflow === 'hidden' && box(element).right > box(cutter).right + 1);
      };
      return [...document.querySelectorAll(wanted)].filter((element) => isCut(element) && !(untold && element.closest('[title]'))).map((element) => element.textContent);
    }, [selector, unsaid] as [string, boolean]);

  /** Texts of parts of such boxes that reach beyond them to the right. */
  const outside = (selector: string) =>
    page.evaluate((wanted) => [...document.querySelectorAll(wanted)].flatMap((box) => [...box.querySelectorAll('*')].filter((part) => part.getBoundingClientRect().right > box.getBoundingClientRect().right + 1).map((part) => part.textContent)), selector);

  const overflowing = () =>
    page.evaluate(() => [...document.querySelectorAll('.window, header.top, main, .right > .scroll, .runs, figure, figure > header')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className));
});
