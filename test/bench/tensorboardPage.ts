/** TensorBoard's page in a bare window of the Electron that runs our app, with an empty cache. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';

const BARE = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadURL('data:text/html,<title>bare</title>'));
`;

/** Opens it and waits until its first four charts are drawn with their axes. `folder` is made for the window and its profile. */
export async function openTensorBoardPage(url: string, folder: string): Promise<{ electron: ElectronApplication; page: Page }> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(join(folder, 'main.cjs'), BARE);
  const { executable, argsBefore } = electronExecutable();
  const electron = await _electron.launch({ executablePath: executable, args: [...argsBefore.slice(0, -1), `--user-data-dir=${join(folder, 'profile')}`, folder] });
  try {
    const page = await electron.firstWindow();
    await page.goto(`${url}/#timeseries`, { waitUntil: 'commit' });
    await page.waitForFunction(
      () => [...document.querySelectorAll('scalar-card')].filter((card) => card.querySelector('line-chart') && card.querySelectorAll('line-chart-axis text').length > 3).length >= 4,
      undefined,
      { polling: 'raf', timeout: 60_000 },
    );
    return { electron, page };
  } catch (error) {
    await electron.close();
    throw error;
  }
}
