import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that these scripts belong to. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** State of this checkout's set-up; goes away with node_modules, so that a new installation looks at everything again. */
const stampDir = join(root, 'node_modules', '.cache', 'gapwatch');

/** What is expensive to fetch or build lives outside node_modules: `npm ci` empties that, and checkouts share this. */
export function cacheDir() {
  const { GAPWATCH_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (GAPWATCH_CACHE) return GAPWATCH_CACHE;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'gapwatch', 'Cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'gapwatch');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'gapwatch');
}

/**
 * @param {string} file path relative to the checkout
 * @returns {any} parsed JSON
 */
export function readJson(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** @param {string | Buffer} data */
export function hash(data) {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** @param {string} name */
export function readStamp(name) {
  try {
    return JSON.parse(readFileSync(join(stampDir, name), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function writeStamp(name, value) {
  mkdirSync(stampDir, { recursive: true });
  writeFileSync(join(stampDir, name), JSON.stringify(value));
}

/** @param {string} name */
export function removeStamp(name) {
  rmSync(join(stampDir, name), { force: true });
}
