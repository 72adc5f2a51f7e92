/** The view of alerts, on a fake bridge that replays recorded runs. */
import { expect, test } from 'vitest';
import type { Fake } from '../fixtures/bridge/fake.ts';
import { asked, describeWindow, open, page, until } from './windowUser.ts';

declare const window: { fake: Fake };

const DAY = 86_400_000;
/** Name of what has the focus. */
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim());
const goToAlerts = async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByRole('heading', { name: 'Alerts' }).waitFor();
};
/** As many more alerts as there should be in all, a day apart from some moment back. */
const addAlerts = (n: number) =>
  page.evaluate(([count, day]) => {
    for (let i = count; i > 0; i--) window.fake.alarm({ id: `old${i}`, title: `Alert ${i}`, atMs: Date.now() - (60 + i) * day, seen: true });
  }, [n, DAY] as [number, number]);

describeWindow('the alerts', () => {
  test('are opened at their step, judged and muted, and count as seen', async () => {
    await open();
    await page.getByRole('button', { name: '2 alerts' }).click();
    await page.getByRole('button', { name: 'Alerts' }).waitFor();
    const first = page.locator('[data-alert]').first();
    const choose = async (name: string) => {
      await first.hover();
      await first.getByRole('button', { name: /^What to do with/ }).click();
      await page.getByRole('menuitemcheckbox', { name }).click();
      expect(await page.getByRole('menu').count()).toBe(0);
    };
    await choose('Expected here');
    await first.getByText('judged expected').waitFor();
    expect((await asked('alertFeedback'))[0]?.[1]).toBe('expected-here');
    await choose('Mute rule');
    await first.getByText('rule muted').waitFor();
    await choose('Mute rule');
    await page.getByText('This rule notifies again.').first().waitFor();
    expect((await asked('mute')).map(([what]) => (what as { muted: boolean }).muted)).toEqual([true, false]);
    await choose('Mute run');
    await first.getByText('run muted').waitFor();
    await page.getByRole('button', { name: /^Validation loss 6\d % below/ }).first().click();
    await page.locator('h1', { hasText: 'digits-cnn/accum4' }).waitFor();
    await page.locator('figure', { hasText: 'Gap ln' }).locator('.place', { hasText: 'epoch 10' }).waitFor();
    await page.evaluate(() => window.fake.alarm());
    await page.getByRole('button', { name: '1 alert' }).waitFor();
    await page.getByText('New alert for digits-cnn/accum4').waitFor({ state: 'attached' });
  });

  test('are gone through, opened and judged by keys alone, and the keys go on where they were', async () => {
    await open();
    await goToAlerts();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Validation loss 67 % below training loss. Open at step 380: digits-cnn/accum4');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const third = await focused();
    // One stop of Tab for the list, one for what else can be done.
    await page.keyboard.press('Tab');
    expect(await focused()).toMatch(/^What to do with/);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await until(async () => (await focused()) === 'Useful');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(async () => (await asked('alertFeedback')).length === 1);
    expect(await focused()).toBe(third);
    await page.keyboard.press('ArrowRight');
    await until(async () => (await focused()) === 'Useful');
    expect(await page.getByRole('menuitemcheckbox', { name: 'Expected here' }).getAttribute('aria-checked')).toBe('true');
    await page.keyboard.press('End');
    expect(await focused()).toBe('Explanation');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe(third);
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: (third as string).split(': ')[1] as string }).waitFor();
    await goToAlerts();
    await until(async () => (await focused()) === third);
  });

  test('the keys are theirs after a click on the button that leads to them', async () => {
    await open();
    await page.getByRole('button', { name: '2 alerts' }).click();
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await until(async () => /^Validation loss 67 % below/.test((await focused()) ?? ''));
    await page.keyboard.press('End');
    await until(() => page.locator('[data-alert]').last().evaluate((item) => item.contains(document.activeElement)));
  });

  test('what is said of the list stands above it in a wide window', async () => {
    await open();
    await goToAlerts();
    const right = (of: string) => page.locator(of).evaluate((node) => node.getBoundingClientRect().right);
    expect(Math.abs((await right('main .rate')) - (await right('main section')))).toBeLessThan(2);
  });

  test('what is new stands apart, also when it comes while the list is open', async () => {
    await open();
    await goToAlerts();
    const heads = () => page.locator('main h2').allInnerTexts();
    expect((await heads())[0]).toMatch(/^new\s*2$/i);
    await page.evaluate(() => window.fake.alarm({ title: 'Just now' }));
    await until(async () => /^new\s*3$/i.test((await heads())[0] ?? ''));
    expect(await page.locator('[data-alert] .title').first().textContent()).toBe('Just now');
    await page.getByRole('button', { name: 'Machine' }).click();
    await goToAlerts();
    expect((await heads()).join(' ')).not.toMatch(/new/i);
  });

  test('five hundred are made as they come near, and Home and End reach all of them', async () => {
    await open();
    await addAlerts(500);
    await goToAlerts();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('[data-alert]').count()).toBeLessThan(200);
    const sizes = await page.locator('[aria-setsize]').evaluateAll((items) => items.map((item) => Number(item.getAttribute('aria-setsize'))));
    expect(Math.max(...sizes)).toBeGreaterThanOrEqual(500);
    await page.keyboard.press('End');
    await until(async () => (await page.locator('[data-alert]').count()) > 500);
    const last = page.locator('[data-alert]').last();
    await until(() => last.evaluate((item) => item.contains(document.activeElement) && item.getBoundingClientRect().bottom <= innerHeight));
    await page.keyboard.press('Home');
    await until(() => page.locator('[data-alert]').first().evaluate((item) => item.contains(document.activeElement)));
  });

  test('End over hundreds makes a few a frame, and a later key wins', async () => {
    await open();
    await addAlerts(500);
    await goToAlerts();
    await page.keyboard.press('ArrowDown');
    // A key while rows are being made: End, two frames, then the key. Says how many rows there were at the key, and how many at most came at once.
    const endThen = (key: string) =>
      page.evaluate(async (later) => {
        const press = (name: string) => document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
        const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
        let most = 0;
        const made = new MutationObserver((records) => (most = Math.max(most, records.reduce((sum, { addedNodes }) => sum + [...addedNodes].filter((node) => node instanceof HTMLLIElement).length, 0))));
        made.observe(document.querySelector('main') as Element, { childList: true, subtree: true });
        press('End');
        for (let i = 0; i < 2; i++) await frame();
        const rows = document.querySelectorAll('[data-alert]').length;
        press(later);
        for (let i = 0; i < 30; i++) await frame();
        made.disconnect();
        return { rows, most };
      }, key);
    const first = page.locator('[data-alert]').first();
    const { rows } = await endThen('Home');
    expect(rows).toBeLessThan(300);
    expect(await page.locator('[data-alert]').count()).toBeLessThan(300);
    expect(await first.evaluate((item) => item.contains(document.activeElement))).toBe(true);
    const { most } = await endThen('ArrowUp');
    const last = page.locator('[data-alert]').last();
    await until(async () => (await last.getAttribute('data-alert')) === 'old500');
    await until(() => last.evaluate((item) => item.previousElementSibling?.contains(document.activeElement) === true));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(60);
  });

  test('a notification that the desktop did not show is a banner that leads to the alerts', async () => {
    await open();
    await page.evaluate(() => window.fake.emit('banners', [{ id: 'notification', tone: 'info', text: '2 runs need a look. (No desktop notification.)' }]));
    await page.getByRole('button', { name: 'Show the alerts' }).click();
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    expect(await page.getByText('2 runs need a look.').count()).toBe(0);
  });

  test('alerts that were notified can be seen apart from those that can wait', async () => {
    await open();
    await page.evaluate(() => window.fake.alarm({ title: 'Loss spike', severity: 'warning', notified: false, silence: 'minor' }));
    await page.getByRole('button', { name: /^\d+ alerts?$/ }).click();
    await page.getByText('not notified: a warning that can wait').waitFor();
    await page.getByRole('radio', { name: /^Notified \d+$/ }).click();
    await until(async () => (await page.getByText('not notified: a warning that can wait').count()) === 0 && (await page.locator('[data-alert]').count()) > 0);
  });

  test('only alerts that are said aloud are red', async () => {
    await open();
    const button = page.getByRole('button', { name: /^\d+ alerts?$/ });
    await until(async () => (await button.getAttribute('class'))?.includes('bad') === true);
    await button.click();
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.fake.alarm({ severity: 'warning', notified: false, silence: 'minor' }));
    await page.getByRole('button', { name: '1 alert' }).waitFor();
    expect(await button.getAttribute('class')).not.toContain('bad');
  });
});
