/** What a start shows before the service answers: the run that was seen last, marked with its time, and nothing that is not so any more. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, privateFolder } from './app.ts';
import { until } from './until.ts';
import { asked, BUG, describeWindow, drawn, LOSS, number, open, openRun, page } from './windowUser.ts';

/** Longer than everything takes that a test looks at before the first answer. */
const SLOW = 'delay=4000';

const kept = () => page.evaluate(() => localStorage.getItem('gapwatch.lastSeen') ?? '');
const title = (name: string) => page.locator('h1', { hasText: name });
const mark = () => page.getByText(/^as of \d\d:\d\d/);

/** Opens the window anew with everything that it remembers, on a bridge that answers late. */
async function again(query = SLOW): Promise<void> {
  const { origin, pathname } = new URL(page.url());
  await page.goto(`${origin}${pathname}?${query}`, { waitUntil: 'commit' });
}

describeWindow('what was seen last', () => {
  test('is shown with its time until the service answers, with the same points', async () => {
    await open();
    await openRun(BUG);
    await until(async () => (await kept()).includes(BUG), 'the run is kept');
    const before = { points: await number(LOSS, 'points'), last: await number(LOSS, 'last-train') };
    await again();
    await drawn(LOSS, 'last-train');
    await title(BUG.slice(2)).waitFor();
    await mark().waitFor();
    expect(await page.locator('main').getAttribute('aria-busy')).toBe('true');
    expect(await page.locator('[data-run]').count()).toBe(0);
    expect(await page.getByText(/\d points|no problems/).count()).toBe(0);
    // What is more than a curve waits for the answer.
    expect(await page.getByRole('region', { name: 'Diagnosis' }).count()).toBe(0);
    expect({ points: await number(LOSS, 'points'), last: await number(LOSS, 'last-train') }).toEqual(before);
    expect(await page.getByText('running', { exact: false }).count()).toBe(0);
    await page.locator(`[data-run="${BUG}"]`).waitFor();
    await mark().waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Diagnosis' }).waitFor();
    expect(await page.locator('main').getAttribute('aria-busy')).toBe('false');
    // The service is asked as if nothing had been shown.
    expect((await asked('run')).length).toBeGreaterThan(0);
    expect((await asked('curves')).length).toBeGreaterThan(0);
  });

  test('is another run than the one to be opened: then nothing is shown', async () => {
    await open();
    await openRun(BUG);
    await until(async () => (await kept()).includes(BUG), 'the run is kept');
    await page.evaluate(() => localStorage.setItem('gapwatch.view', JSON.stringify({ run: '1:digits-mlp/seed6' })));
    await again('delay=300');
    await title('digits-mlp/seed6').waitFor();
    expect(await mark().count()).toBe(0);
  });

  test('is gone: it is forgotten as soon as the service says so', async () => {
    await open();
    await openRun(BUG);
    await until(async () => (await kept()).includes(BUG), 'the run is kept');
    await again('scene=empty');
    await until(async () => (await kept()) === '', 'the run is forgotten');
    expect(await title(BUG.slice(2)).count()).toBe(0);
  });

  test('is no longer to be read: the service is waited for', async () => {
    await open();
    await openRun(BUG);
    await until(async () => (await kept()).includes(BUG), 'the run is kept');
    await page.evaluate(() => localStorage.setItem('gapwatch.lastSeen', '{"build":'));
    await again('delay=300');
    await title(BUG.slice(2)).waitFor();
    await drawn(LOSS, 'last-train');
  });

  test('text in letters beyond Latin is set in the same family, whose files are fetched only then', async () => {
    await open();
    const loaded = () => page.evaluate(() => [...document.fonts].filter((face) => face.status !== 'unloaded').map((face) => face.family.replaceAll('"', '')).sort());
    expect(await loaded()).toEqual(['Inter Latin', 'JetBrains Mono Latin']);
    await page.fill('#filter', 'Жук');
    await until(async () => (await loaded()).includes('Inter Variable'), 'the letters are fetched');
    await page.fill('#filter', '');
  });
});

/** True once a file of the page's storage has the run. */
function isOnDisk(folder: string): boolean {
  return readdirSync(folder).some((name) => name.endsWith('.log') && readFileSync(join(folder, name), 'latin1').includes('gapwatch.lastSeen'));
}

describe('in the real window', () => {
  test('after a kill it starts with what was seen, and ends with what was written meanwhile', async () => {
    const scratch = await privateFolder('seen');
    const log = join(scratch.path, 'runs', 'exp', 'metrics.jsonl');
    mkdirSync(join(scratch.path, 'runs', 'exp'), { recursive: true });
    const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${JSON.stringify({ step: from + i, loss: 1 / (from + i + 1) })}\n`).join('');
    writeFileSync(log, lines(0, 50));
    let app = await launch(join(scratch.path, 'data'), [join(scratch.path, 'runs')]);
    const stored = () => app.page.evaluate(() => localStorage.getItem('gapwatch.lastSeen') ?? '');
    await until(async () => (await stored()) !== '', 'the run is kept');
    await app.electron.evaluate(({ session }) => session.defaultSession.flushStorageData());
    // The flush is asked for, not awaited.
    await until(() => isOnDisk(join(scratch.path, 'data', 'window', 'Local Storage', 'leveldb')), 'the storage is written');
    const killed = new Promise((resolve) => app.electron.process().once('exit', resolve));
    app.electron.process().kill('SIGKILL');
    await killed;
    appendFileSync(log, lines(50, 60));

    app = await launch(join(scratch.path, 'data'));
    expect(await stored()).toContain('exp');
    await until(async () => (await app.page.locator('[data-chart="Loss"]').first().getAttribute('data-last-x', { timeout: 500 }).catch(() => null)) === '59', 'the new points are drawn');
    await until(async () => (await app.page.locator('main').getAttribute('aria-busy')) === 'false', 'the service has answered');
    await until(async () => (await app.page.locator('h1 + .meta').innerText()).includes('step 59'), 'its facts are those of the new points');
    await app.close();
    await scratch.remove();
  });

  test('the list of runs stands still, however far down the run is that is open', async () => {
    const scratch = await privateFolder('still');
    for (let i = 0; i < 90; i++) {
      const folder = join(scratch.path, 'runs', `run${i}`);
      mkdirSync(folder, { recursive: true });
      const log = join(folder, 'metrics.jsonl');
      writeFileSync(log, `${JSON.stringify({ step: 1, loss: i })}\n${JSON.stringify({ step: 2, loss: i / 2 })}\n`);
      const at = Date.now() / 1000 - 86_400 - i * 3600;
      utimesSync(log, at, at);
    }
    let app = await launch(join(scratch.path, 'data'), [join(scratch.path, 'runs')]);
    await app.page.locator('.chip', { hasText: '90 runs' }).waitFor();
    await app.page.fill('#filter', 'run89');
    await app.page.getByRole('option', { name: /run89/ }).click();
    await app.page.locator('h1', { hasText: 'run89' }).waitFor();
    await app.close();

    app = await launch(join(scratch.path, 'data'));
    const list = app.page.getByRole('listbox', { name: 'Runs, newest first' });
    await app.page.locator('h1', { hasText: 'run89' }).waitFor();
    await app.page.locator('.chip .dot.ok').waitFor();
    await app.page.locator('[role=option][aria-setsize="90"]').first().waitFor();
    expect(await list.evaluate((element) => element.scrollTop)).toBe(0);
    await app.close();
    await scratch.remove();
  });
});
