/** The run view: zoom, axes, tables, and what its charts and cards say. */
import { expect, test } from 'vitest';
import { BUG, describeWindow, drawn, LOSS, number, open, openRun, page, until } from './windowUser.ts';

describeWindow('the run view', () => {
  test('is zoomed by the wheel with Ctrl about the pointer; without it the page scrolls', async () => {
    await open();
    await openRun(BUG);
    const box = await page.locator(`${LOSS} .u-over`).boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width / 2, box.y + 50);
    const whole = await number(LOSS, 'to');
    await page.mouse.wheel(0, 120);
    await until(() => page.evaluate(() => (document.querySelector('main')?.scrollTop ?? 0) > 0));
    expect(await number(LOSS, 'to')).toBe(whole);
    await page.evaluate(() => document.querySelector('main')?.scrollTo(0, 0));
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -240);
    await page.keyboard.up('Control');
    await until(async () => (await number(LOSS, 'to')) < whole * 0.95 && (await number(LOSS, 'from')) > 0);
    const middle = ((await number(LOSS, 'from')) + (await number(LOSS, 'to'))) / 2;
    expect(Math.abs(middle - whole / 2)).toBeLessThan(whole * 0.02);
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

  test('is read as a table in the same place, and the focus goes along', async () => {
    await open();
    await openRun(BUG);
    const card = page.locator('figure', { has: page.locator('h2', { hasText: /^Loss$/ }) });
    const height = async () => (await card.boundingBox())?.height;
    const before = await height();
    await page.locator(LOSS).press('t');
    const table = card.getByRole('region', { name: 'Loss as a table' });
    await until(() => table.evaluate((node) => node === document.activeElement));
    await card.getByRole('columnheader', { name: 'train', exact: true }).waitFor();
    expect(await height()).toBe(before);
    await page.keyboard.press('t');
    await until(() => page.locator(LOSS).evaluate((node) => node === document.activeElement));
  });

  test('fills every row of small charts, and says the newest gap beside its mean', async () => {
    await open();
    await openRun(BUG);
    const cards = page.locator('figure.small');
    const boxes = await cards.evaluateAll((all) => all.map((card) => card.getBoundingClientRect()).map(({ top, right }) => ({ top, right })));
    const main = await page.locator(LOSS).evaluate((node) => node.closest('figure')?.getBoundingClientRect().right ?? 0);
    for (const top of new Set(boxes.map((box) => box.top))) {
      const right = Math.max(...boxes.filter((box) => box.top === top).map((box) => box.right));
      expect(Math.abs(right - main)).toBeLessThan(2);
    }
    await page.locator('figure', { hasText: 'Gap ln' }).getByText(/^last .*\d/).waitFor();
    await page.locator('figure', { hasText: 'Gap ln' }).getByText(/^mean since .*\[/).waitFor();
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

  test('tells the series of a card apart, and names them with their values for the pointer and for keys', async () => {
    await open('scene=wide');
    await openRun('1:a-wide-one');
    const card = page.locator('figure', { has: page.locator('[data-chart="m1"]') });
    const rows = async () => (await card.locator('[popover]').innerText()).split('\n').filter(Boolean);
    await drawn('[data-chart="m1"]', 'points');
    expect(await card.locator('[popover]').count()).toBe(0);
    await card.hover();
    const all = await rows();
    expect(all[0]).toMatch(/^epoch /);
    expect(all.filter((row) => row.startsWith('m1/s'))).toEqual(Array.from({ length: 10 }, (_, i) => `m1/s${i}`));
    const looks = await card.locator('[popover] svg').evaluateAll((swatches) => swatches.map((swatch) => `${swatch.getAttribute('style')} ${swatch.getAttribute('data-sign')}`));
    expect(new Set(looks).size).toBe(10);
    // What draws the signs leaves the pen as thin as it was: wider lines take many times as long.
    expect(await card.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.lineWidth)).toBe(1);
    await page.locator('h1').hover();
    await until(async () => (await card.locator('[popover]').count()) === 0);
    await page.locator('[data-chart="m1"]').focus();
    expect((await rows())[0]).toBe('last');
    await page.keyboard.press('ArrowRight');
    await until(async () => /^epoch /.test((await rows())[0] ?? ''));
    const at = await rows();
    await page.keyboard.press('ArrowRight');
    await until(async () => (await rows()).join() !== at.join());
    await page.keyboard.press('Escape');
    await until(async () => (await page.locator('[popover]:popover-open').count()) === 0);
    // One series, or one of each split, is named by the header.
    const lone = page.locator('figure', { has: page.locator('[data-chart="Loss"]') });
    await lone.hover();
    expect(await lone.locator('[popover]').count()).toBe(0);
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
