/**
 * Takes the pictures in docs/: the example runs in the real window, one of them growing.
 *
 *   xvfb-run -a -s '-screen 0 1600x1000x24' node scripts/run.mjs test/pictures.ts
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type App } from './e2e/app.ts';
import { until } from './e2e/until.ts';
import { recordsOf } from './records.ts';

const root = join(import.meta.dirname, '..');
const examples = join(root, 'main', 'service', 'examples', 'runs');
const GROWING = 'accumulation-scale';
/** Hours since the last line of the others. */
const AGES = new Map([['easy-validation', 1], ['dropout', 2.4], ['overfit', 3.1], ['healthy', 90], ['label-smoothing', 91]]);
/** Records that are written while the window looks on. */
const LIVE = 60;

const home = mkdtempSync(join(tmpdir(), 'gapwatch-pictures-'));
const runs = join(home, 'runs');
const log = join(runs, GROWING, readdirSync(join(examples, GROWING)).find((name) => name.includes('tfevents')) ?? '');
const records = recordsOf(readFileSync(join(examples, GROWING, log.slice(log.lastIndexOf('/') + 1))));

layOut();
const app = await launch(join(home, 'data'), [runs], { HOME: home, GAPWATCH_NVIDIA_SMI: 'nvidia-smi' });
try {
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1440, 900));
  await app.page.getByRole('option', { name: new RegExp(GROWING) }).click();
  await app.page.locator('[data-chart="Loss"][data-points]').waitFor();
  await grow(app);
  await app.page.getByText('append to pixel').waitFor();
  await dismissBanners(app);
  await app.page.getByRole('heading', { name: 'Measurement bug' }).waitFor();
  await both(app, 'window-dark', 'window-light');
  await compare(app);
} finally {
  await app.close();
  rmSync(home, { recursive: true, force: true });
}

/** The examples, with times as if they had been trained here. */
function layOut(): void {
  mkdirSync(runs, { recursive: true });
  for (const [name, hours] of AGES) {
    cpSync(join(examples, name), join(runs, name), { recursive: true });
    const at = Date.now() / 1000 - hours * 3600;
    for (const file of readdirSync(join(runs, name), { recursive: true, withFileTypes: true })) if (file.isFile()) utimesSync(join(file.parentPath, file.name), at, at);
  }
  cpSync(join(examples, GROWING), join(runs, GROWING), { recursive: true });
  writeFileSync(log, Buffer.concat(records.slice(0, -LIVE)));
}

async function grow({ page }: App): Promise<void> {
  const points = () => page.locator('[data-chart="Loss"]').getAttribute('data-points');
  for (const record of records.slice(-LIVE)) {
    appendFileSync(log, record);
    await page.waitForTimeout(60);
  }
  await until(async () => (await points()) !== null, 'the curve is drawn');
}

/** What a machine without a desktop says is no part of the pictures. */
async function dismissBanners({ page }: App): Promise<void> {
  for (const button of await page.getByRole('button', { name: 'Dismiss' }).all()) await button.click();
}

async function both({ page }: App, dark: string, light: string): Promise<void> {
  for (const [colorScheme, name] of [['dark', dark], ['light', light]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.mouse.move(700, 20);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(root, 'docs', `${name}.png`) });
  }
}

async function compare({ page }: App): Promise<void> {
  for (const name of ['healthy', 'overfit', 'label-smoothing']) {
    await page.fill('#filter', name);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('x');
  }
  await page.fill('#filter', '');
  await page.getByRole('button', { name: /^Compare/ }).click();
  await page.locator('[data-chart^="Gap"][data-points]').waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.mouse.move(700, 20);
  await page.waitForTimeout(800);
  await page.screenshot({ path: join(root, 'docs', 'compare.png') });
}
