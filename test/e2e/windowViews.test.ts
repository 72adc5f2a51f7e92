/** The views beside the run view, on a fake bridge that replays recorded runs. */
import { expect, test } from 'vitest';
import { asked, BUG, compareRuns, compareThree, describeWindow, LOSS, number, open, openRun, page, until } from './windowUser.ts';

describeWindow('the other views', () => {
  test('compare runs by colour, with what differs and the gap of each', async () => {
    await open();
    await compareThree();
    await page.locator('[data-chart="Loss"][data-last-train2]').waitFor();
    await page.getByRole('row', { name: /^dropout/ }).waitFor();
    await page.getByText('validation below').first().waitFor();
    expect(await page.getByRole('radio', { name: 'Epoch' }).getAttribute('aria-checked')).toBe('true');
    // The numbers of a column have their points below each other.
    for (const column of ['.number', '.interval']) {
      const texts = await page.locator(`li > ${column}`).evaluateAll((cells) => cells.map((cell) => cell.textContent));
      expect(new Set(texts.map((text) => text.replace(/[−\d ]/g, '0'))).size, texts.join('\n')).toBe(1);
    }
    // Where none is negative there is no room for a sign.
    expect(await page.locator('li > .interval').first().textContent()).toMatch(/^\[\d/);
    await page.getByRole('button', { name: 'Take digits-cnn/accum4 out of the comparison' }).click();
    await until(async () => (await page.locator('.picked li:not(.clear)').count()) === 2);
  });

  test('a gap has the same digits in a comparison as in its run', async () => {
    await open();
    await compareThree();
    const row = page.getByRole('listitem').filter({ hasText: 'validation below' }).filter({ hasText: 'digits-cnn/accum4' });
    const figures = (texts: string[]) => texts.map((text) => text.replace(/\s+/g, ''));
    const compared = figures(await row.locator('.mono').allInnerTexts());
    await openRun(BUG);
    const mean = page.locator('figure', { hasText: 'Gap ln' }).locator('.facts .at');
    expect(figures([await mean.innerText()])).toEqual([compared.join('')]);
    expect(compared.join('')).toMatch(/^1\.\d{3}\[/);
  });

  test('compare what the filter leaves at once, up to twenty runs, and bring one to the front by its name', async () => {
    await open();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.fill('#filter', 'seed');
    await page.getByRole('button', { name: 'Compare the first 20 of the list' }).click();
    await page.locator('[data-chart="Loss"][data-last-train19]').waitFor();
    await page.fill('#filter', 'lr15');
    await page.getByRole('listbox', { name: 'Runs, newest first' }).press('Home');
    await page.keyboard.press('x');
    await page.getByText('A comparison takes at most 20 runs.').waitFor();
    const ink = () => page.locator('[data-chart="Loss"] canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let i = 3; i < data.length; i += 4) sum += data[i] as number;
      return sum;
    });
    await page.mouse.move(100, 500);
    const before = await ink();
    await page.getByRole('button', { name: /^Take .* out of the comparison$/ }).nth(3).focus();
    await until(async () => (await ink()) < before * 0.8);
    await page.locator('#filter').focus();
    await until(async () => Math.abs((await ink()) / before - 1) < 0.05);
  });

  test('runs of one colour are told apart by a sign, beside the name and on the line', async () => {
    await open();
    /** Pixels of the chart in the colour of the card itself: the inside of rings, and nothing else. */
    const hollow = () => page.locator(LOSS).locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const panel = getComputedStyle(canvas.closest('figure') as Element).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
      const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255 && panel.every((part, c) => data[i + c] === part)) found++;
      return found;
    });
    await compareRuns(Array.from({ length: 8 }, (_, i) => `seed${i + 11}`));
    await page.locator(`${LOSS}[data-last-train7]`).waitFor();
    expect(await page.locator('.picked [data-sign]').count()).toBe(0);
    expect(await hollow()).toBe(0);
    for (let i = 19; i <= 27; i++) {
      await page.fill('#filter', `seed${i}`);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('x');
    }
    await page.locator(`${LOSS}[data-last-train16]`).waitFor();
    await until(async () => (await hollow()) > 100);
    const looks = await page.locator('ul.picked svg[style]').evaluateAll((marks) => marks.map((mark) => `${mark.getAttribute('style')} ${mark.getAttribute('data-sign')}`));
    expect(looks).toHaveLength(17);
    expect(new Set(looks).size).toBe(17);
  });

  test('a comparison ends where the runs end that have its axis', async () => {
    await open('scene=axes');
    await compareRuns(['only-steps', 'digits-cnn/accum4']);
    expect(await page.getByRole('radio', { name: 'Step' }).getAttribute('aria-checked')).toBe('true');
    await page.getByRole('radio', { name: 'Epoch' }).click();
    await page.getByText('Not drawn: only-steps (no epochs logged).').waitFor();
    await until(async () => (await number(LOSS, 'to')) < 40);
  });

  test('settings are kept at once', async () => {
    await open();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Also for expected gaps' }).click();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await until(async () => (await page.evaluate(() => document.documentElement.dataset['theme'])) === 'dark');
    expect((await asked('saveSettings')).at(-1)?.[0]).toMatchObject({ notifyExpected: true, theme: 'dark' });
  });

  test('quiet hours are written as all times are, and a folder is forgotten only after a question', async () => {
    await open();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    await page.getByRole('combobox', { name: 'from' }).selectOption('23:30');
    await until(async () => JSON.stringify((await asked('saveSettings')).at(-1)).includes('"quietFrom":"23:30"'));
    const stop = page.getByRole('main').getByRole('button', { name: /^Stop watching/ });
    await stop.click();
    expect(await page.getByRole('button', { name: 'Keep' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await asked('removeFolder')).toEqual([]);
    await stop.click();
    await stop.click();
    expect(await asked('removeFolder')).toEqual([[1]]);
  });

  test('problems say file, byte and reason', async () => {
    await open();
    await page.getByRole('button', { name: '2 problems in 60 runs' }).click();
    await page.getByRole('row', { name: /metrics\.jsonl 145,019 Not JSON/ }).waitFor();
    expect(await page.getByRole('row', { name: /notes\.json/ }).isVisible()).toBe(false);
    await page.getByText('1 other file, no log').click();
    await page.getByRole('row', { name: /notes\.json Not a log/ }).waitFor();
  });

  test('a view that was opened by keys is said, for the focus stays where it was', async () => {
    await open();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.locator('[aria-live=polite]', { hasText: /^Machine$/ }).waitFor({ state: 'attached' });
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.locator('[aria-live=polite]', { hasText: /^blobs-mlp\/dropout04$/ }).waitFor({ state: 'attached' });
  });

  test('the palette opens a run by a few letters; before any, the runs on top of the list', async () => {
    await open();
    await page.keyboard.press('Control+k');
    const titles = await page.getByRole('dialog').getByRole('option').locator('> :first-child').allInnerTexts();
    expect(titles.slice(0, 6)).toEqual(['digits-cnn/accum4', 'digits-mlp/seed6', 'digits-mlp/seed7', 'charlm/cosine', 'digits-mlp/fold3', 'Go to the run']);
    await page.keyboard.type('lr15');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'digits-mlp/lr15' }).waitFor();
  });
});
