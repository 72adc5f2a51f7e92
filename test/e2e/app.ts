import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';

export interface App {
  electron: ElectronApplication;
  page: Page;
  close(): Promise<void>;
}

/** A private folder for one test; `remove` deletes it. */
export async function privateFolder(name: string): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `gapwatch-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the built app on a data folder of its own. Violations of the content security policy and page errors fail the test that closes it. */
export async function launch(dataFolder: string, folders: string[] = [], environment: Record<string, string> = {}): Promise<App> {
  const { executable, argsBefore } = electronExecutable();
  const electron = await _electron.launch({
    executablePath: executable,
    args: [...argsBefore, ...folders],
    env: { ...(process.env as Record<string, string>), GAPWATCH_DATA: dataFolder, GAPWATCH_NVIDIA_SMI: '', ...environment },
  });
  const page = await electron.firstWindow();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.waitForLoadState();
  return {
    electron,
    page,
    async close() {
      await electron.close();
      if (complaints.length > 0) throw new Error(`the window complained:\n${complaints.join('\n')}`);
    },
  };
}
