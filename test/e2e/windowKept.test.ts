/** What was opened in the run view is found again as it was left. */
import { expect, test } from 'vitest';
import { BUG, describeWindow, open, openRun, page, until } from './windowUser.ts';

/** What is open in the right column. */
const opened = () =>
  page.getByRole('complementary', { name: 'Diagnosis and remedies' }).evaluate((column) => [
    ...[...column.querySelectorAll('[aria-expanded=true]')].map((button) => button.getAttribute('aria-label') ?? button.textContent.trim()),
    ...[...column.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent),
  ]);
const elsewhere = async (view: string) => {
  for (const key of `g${view}`) await page.keyboard.press(key);
  await page.getByRole('complementary', { name: 'Diagnosis and remedies' }).waitFor({ state: 'detached' });
  for (const key of 'gr') await page.keyboard.press(key);
  await page.getByText('What was checked').waitFor();
};

describeWindow('what was opened', () => {
  test('is kept for each run: causes, snippet, remedies and all of them', async () => {
    await open();
    await openRun(BUG);
    await page.getByText('What was checked').waitFor();
    expect(await opened()).toEqual(['Accumulation factor in the logged loss, probability .93', 'Snippet']);
    await page.getByRole('button', { name: /^Accumulation factor in the logged loss, probability/ }).click();
    await page.getByRole('button', { name: /^Sum instead of mean, probability/ }).click();
    await page.getByText('Snippet', { exact: true }).click();
    await page.getByRole('button', { name: 'Show 2 more' }).click();
    await page.getByRole('button', { name: 'Log a second metric of both splits', exact: true }).click();
    const left = ['Sum instead of mean, probability .04', 'Log a second metric of both splits', 'Show fewer'];
    expect(await opened()).toEqual(left);
    for (const view of 'cam') {
      await elsewhere(view);
      expect(await opened()).toEqual(left);
    }
    // Another run begins as every run does, though it has a cause and remedies of the same names.
    await openRun('1:blobs-mlp/dropout04');
    await until(async () => (await opened()).join() === 'Dropout, probability .71,Snippet');
    await openRun(BUG);
    await until(async () => (await opened()).join() === left.join());
  });

  test('is kept for the small charts', async () => {
    await open('scene=wide');
    await openRun('1:a-wide-one');
    await page.getByRole('button', { name: /^Show \d+ more$/ }).click();
    const cards = () => page.locator('figure.small').count();
    await until(async () => (await cards()) > 12);
    const all = await cards();
    await elsewhere('m');
    await until(async () => (await cards()) === all);
  });

  test('is kept for folds, in whichever run', async () => {
    await open();
    const folds = () => page.locator('details[open] > summary').allInnerTexts();
    await page.getByText(/^Series · /).click();
    await page.getByText('What was checked').click();
    await page.getByRole('row', { name: /^As logged/ }).waitFor();
    const left = await folds();
    await elsewhere('m');
    await page.getByRole('row', { name: /^As logged/ }).waitFor();
    expect((await folds()).sort()).toEqual(left.sort());
    await page.getByText(/^Series · /).click();
    await elsewhere('m');
    await page.getByText('What was checked').waitFor();
    expect((await folds()).some((text) => text.startsWith('Series'))).toBe(false);
  });
});
