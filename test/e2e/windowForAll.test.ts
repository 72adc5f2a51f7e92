/** The window can be used by everybody: no violation that axe can find, in every view and both themes, and room at every size. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { BUG, compareThree, describeWindow, LOSS, open, openRun, page, resize } from './windowUser.ts';

describeWindow('the window for everybody', () => {
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
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(query);
      await go();
      await page.waitForTimeout(150);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).setLegacyMode(true).analyze();
      expect(violations.map((found) => `${found.id}: ${found.help}\n  ${found.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join('\n  ')}`)).toEqual([]);
    });
  }

  test.each([[1440, 900], [1280, 800], [1000, 700], [900, 600]])('nothing runs out of the window at %i × %i', async (width, height) => {
    await open();
    await resize(width, height);
    await openRun(BUG);
    const overflow = await page.evaluate(() => [...document.querySelectorAll('.window, header.top, main, .right, .left')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className));
    expect(overflow).toEqual([]);
    const [main, right] = await Promise.all([page.locator('main').boundingBox(), page.locator('.right').boundingBox()]);
    if (!main || !right) throw new Error('no columns');
    if (width < 1200) expect(right.y).toBeGreaterThanOrEqual(main.y + main.height - 1);
    else expect(right.x).toBeGreaterThanOrEqual(main.x + main.width - 1);
  });
});
