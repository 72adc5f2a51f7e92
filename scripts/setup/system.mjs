import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, tail } from './run.mjs';
import { Problem, say, step } from './say.mjs';

/** @typedef {import('./electron.mjs').Runtime} Runtime */

// What a bare Debian lacks to start Electron; newer releases name some of these with the suffix t64.
const libraries = 'libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libatk-bridge2.0-0 libdrm2 libxkbcommon0 libnotify4 dbus'.split(' ');

/** Which Debian package brings which command. @type {Record<string, string>} */
const packageOf = {
  Xvfb: 'xvfb',
  xauth: 'xauth',
  'dbus-run-session': 'dbus',
  'g++': 'g++',
  make: 'make',
  python3: 'python3',
};

/** The Python of the system, which Debian's python3-dbusmock belongs to, whatever `python3` comes first on PATH. */
const systemPython = '/usr/bin/python3';

/** Makes sure that the libraries Electron needs are there: `ldd` tells, and libnotify is only opened at run time. */
export async function ensureLibraries(/** @type {Runtime} */ { executable }) {
  if (process.platform !== 'linux') return;
  const { output } = await capture('ldd', [executable]);
  const missing = output
    .split('\n')
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0]);
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];
  // Only where Debian puts it; elsewhere its absence could be a mistake of this look, and the app runs without.
  if (onPath('apt-get') && !folders.some((folder) => existsSync(join(folder, 'libnotify.so.4')))) missing.push('libnotify.so.4');
  if (missing.length > 0) await install(libraries, `Electron needs ${missing.join(', ')}`);
}

/**
 * @param {string[]} commands
 * @param {string} purpose ends the sentence "x is needed ..."
 */
export async function ensureCommands(commands, purpose) {
  const missing = commands.filter((command) => !onPath(command));
  const packages = missing.map((command) => packageOf[command] ?? command);
  if (missing.length > 0) await install(packages, `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} needed ${purpose}`);
}

/** What the end-to-end tests need besides Electron: a display, a session bus and something that answers notifications. */
export async function ensureTestTools() {
  if (process.platform !== 'linux') return;
  await ensureCommands(['Xvfb', 'dbus-run-session'], 'for the end-to-end tests');
  const mock = await capture(systemPython, ['-c', 'import dbusmock']);
  if (mock.code !== 0) await install(['python3-dbusmock'], 'python3-dbusmock is needed to test notifications');
}

/**
 * @param {string[]} packages Debian names
 * @param {string} why
 */
async function install(packages, why) {
  if (!onPath('apt-get')) {
    throw new Problem(why, `install what Debian calls ${packages.join(' ')} with this system's package manager`);
  }
  if (process.getuid?.() !== 0) {
    throw new Problem(why, `sudo apt-get update && sudo apt-get install -y ${(await known(packages)).join(' ')}`);
  }
  say(`${why}: installing ${packages.join(' ')}, as this is root on Debian`);
  await step('installing system packages', async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300'];
    const update = await capture('apt-get', ['update', '-q', ...options], { env });
    const names = await known(packages);
    const { code, output } = await capture('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...options, ...names], { env });
    if (code === 0) return;
    throw new Problem(
      `apt-get failed:\n${tail((update.code === 0 ? '' : update.output) + output)}`,
      `run it by hand: apt-get update && apt-get install -y ${names.join(' ')}`,
    );
  });
}

/** @param {string[]} packages */
function known(packages) {
  return Promise.all(
    packages.map(async (name) => {
      const { output } = await capture('apt-cache', ['pkgnames', `${name}t64`]);
      return output.split('\n').includes(`${name}t64`) ? `${name}t64` : name;
    }),
  );
}

/** @param {string} command */
function onPath(command) {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
