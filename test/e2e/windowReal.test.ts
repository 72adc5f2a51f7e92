/** The window on the service and the example runs: what only real logs, settings and diagnoses can show. */
import { appendFile, cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, privateFolder, type App } from './app.ts';
import { until } from './until.ts';

const examples = join(import.meta.dirname, '../../main/service/examples/runs');
const folders: Awaited<ReturnType<typeof privateFolder>>[] = [];
let app: App;

beforeAll(async () => {
  const data = await privateFolder('data');
  const runs = await privateFolder('runs');
  folders.push(data, runs);
  await cp(examples, runs.path, { recursive: true });
  await writeFile(join(runs.path, 'notes.json'), '{"a": 1}');
  app = await launch(data.path, [runs.path]);
  await until(async () => (await app.page.locator('[role=option] .verdict').count()) === 6, 'six diagnosed runs');
});

afterAll(async () => {
  await app?.close();
  for (const folder of folders) await folder.remove();
});

const rows = () => app.page.locator('[role=option] .name').allInnerTexts();

async function open(name: string): Promise<void> {
  await app.page.locator('[role=option]', { hasText: name }).click();
  await app.page.locator('h1', { hasText: name }).waitFor();
}

test('a folder of other files says so below its name, and shows which', async () => {
  const scratch = await privateFolder('others');
  const folder = join(scratch.path, 'papers');
  await mkdir(folder);
  await writeFile(join(folder, 'people.csv'), 'name,city\nAnn,Rome\nBob,Oslo\n');
  await writeFile(join(folder, 'letter.txt'), 'Dear all,\nhello\n');
  const other = await launch(join(scratch.path, 'data'), [folder]);
  const said = other.page.getByText('2 files in there are no logs that Gapwatch knows.');
  await said.waitFor();
  const left = async (of: typeof said) => (await of.boundingBox())?.x;
  expect(await left(said)).toBe(await left(other.page.locator('.roots')));
  await other.page.getByRole('button', { name: 'Show them' }).click();
  await other.page.getByText('2 other files, no logs that Gapwatch knows').click();
  await other.page.getByRole('row', { name: /people\.csv/ }).waitFor();
  await other.close();
  await scratch.remove();
});

test('a run that is opened before its first point is drawn on the axis that its points have', async () => {
  // Made outside and moved in whole: a log that is emptied where it is watched may have been read, and keeps its points.
  const apart = await privateFolder('early');
  const made = join(apart.path, 'early');
  await cp(join(examples, 'dropout'), made, { recursive: true });
  const [header, ...lines] = (await readFile(join(made, 'training.csv'), 'utf8')).trim().split('\n');
  await writeFile(join(made, 'training.csv'), `${header}\n`);
  const folder = join(folders[1]?.path ?? '', 'early');
  await rename(made, folder);
  await apart.remove();
  const log = join(folder, 'training.csv');
  await open('early');
  await app.page.getByText('No points yet.').waitFor();
  // Not that it logs none: it may still.
  await app.page.getByText('No validation loss was logged so far').waitFor();
  await appendFile(log, `${lines.join('\n')}\n`);
  const last = (chart: string) => app.page.locator(`[data-chart="${chart}"]`).first().getAttribute('data-last-x', { timeout: 500 }).catch(() => null);
  await until(async () => (await last('Gap ln(train / val)')) === String(lines.length - 1), 'the gap is drawn');
  expect(await app.page.locator('figcaption', { hasText: 'Loss from epoch 0' }).count()).toBe(1);
});

test('the filter compares settings of the configuration, wherever the trainer put them', async () => {
  const { page } = app;
  await page.fill('#filter', 'learning_rate<=1e-3 grad_accum_steps>1');
  await until(async () => (await rows()).join() === 'accumulation-scale', 'the one run that accumulates');
  await page.fill('#filter', 'label_smoothing>0.1');
  await until(async () => (await rows()).join() === 'label-smoothing', 'the one run that smooths labels');
  await page.fill('#filter', '');
});

test('a lone fault is told once; a healthy run has nothing to remedy but general advice', async () => {
  const { page } = app;
  await open('overfit');
  const sentence = await page.locator('.sentence').innerText();
  const panel = page.getByRole('region', { name: 'Diagnosis' });
  await panel.getByRole('heading', { name: 'Overfitting' }).waitFor();
  expect(await panel.getByText(sentence.slice(0, 40)).count()).toBe(0);
  expect(await page.getByRole('checkbox').count()).toBe(5);
  await open('healthy');
  await page.getByText('Nothing to remedy.').waitFor();
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await page.getByText(/^General advice/).click();
  expect(await page.getByRole('checkbox').count()).toBeGreaterThan(0);
});

test('what was checked is named, and each reason for not checking stands once', async () => {
  const { page } = app;
  await open('accumulation-scale');
  await page.getByText('What was checked').click();
  const checked = page.locator('details', { hasText: 'What was checked' });
  expect(await checked.innerText()).not.toMatch(/\b[A-Z]\d{1,2}\b/);
  const reasons = await checked.locator('dt').allInnerTexts();
  expect(new Set(reasons).size).toBe(reasons.length);
});

test('the path of a run and its configuration can be copied', async () => {
  const { page, electron } = app;
  await open('overfit');
  const copied = () => electron.evaluate(({ clipboard }) => clipboard.readText());
  await page.getByRole('button', { name: 'Copy the path of this run' }).click();
  await until(async () => (await copied()) === join(folders[1]?.path ?? '', 'overfit'), 'the path is copied');
  await page.getByText(/^Configuration/).click();
  await page.getByRole('button', { name: 'Copy the configuration' }).click();
  await until(async () => /^batch_size: 32$/m.test(await copied()), 'the configuration is copied');
});

test('a comparison names the runs that have no place on its axis', async () => {
  const { page } = app;
  for (const name of ['dropout', 'accumulation-scale', 'label-smoothing']) {
    await open(name);
    await page.keyboard.press('x');
  }
  await page.getByRole('button', { name: 'Compare 3' }).click();
  await page.getByText('Not drawn: accumulation-scale (no epochs logged).').waitFor();
  await page.getByRole('radio', { name: 'Step' }).click();
  await page.getByText('Not drawn: dropout (no steps logged).').waitFor();
});

test('a file that is no log is no problem, and can be found all the same', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'no problems' }).click();
  await page.getByText('1 other file, no log that Gapwatch knows').click();
  await page.getByRole('row', { name: /notes\.json/ }).waitFor();
});

test('a run whose losses became NaN says so in the list and above its chart, with the last number beside', async () => {
  const { page } = app;
  const folder = join(folders[1]?.path ?? '', 'diverged');
  await mkdir(folder);
  const loss = (step: number): string => (step > 40 ? 'NaN' : String(2.4 - 0.03 * step));
  await writeFile(join(folder, 'metrics.jsonl'), Array.from({ length: 80 }, (_, step) => `{"step": ${step}, "train_loss": ${loss(step)}}\n`).join(''));
  await open('diverged');
  const row = page.locator('[role=option]', { hasText: 'diverged' });
  await until(async () => /train\s*NaN/.test(await row.innerText()), 'NaN in the list');
  expect(await row.getAttribute('title')).toContain('last finite 1.20 at step 40');
  expect(await page.locator('.title .meta').innerText()).toContain('step 79');
  expect(await page.locator('.sentence').innerText()).toBe('Train loss is NaN at step 41; the last finite value was 1.2. In all, 39 values are NaN or infinite.');
  const legend = page.locator('figure', { has: page.locator('[data-chart="Loss"]') }).locator('.legend .value').first();
  expect([await legend.innerText(), await legend.getAttribute('title')]).toEqual(['NaN', 'last finite 1.20 at step 40']);
});
