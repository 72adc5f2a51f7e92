import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { presentElectron } from './setup/electron.mjs';
import { root } from './setup/paths.mjs';

/**
 * @typedef {object} ElectronCommand
 * @property {string} executable
 * @property {string[]} argsBefore what to pass before the app's own arguments
 * @property {string} version
 * @property {boolean} fallback the registry-only runtime stands in for the declared Electron
 * @property {string} folder the distribution that the executable stands in
 * @property {string | undefined} noSandbox why `--no-sandbox` is among argsBefore
 */

/**
 * How to start this checkout's built app: `executable ...argsBefore [folder]`. Works for both runtimes, for several
 * checkouts and for several starts at once. Never installs anything: `npm start` and `npm test` have done that.
 * @returns {ElectronCommand}
 */
export function electronExecutable() {
  const runtime = presentElectron();
  if (!runtime) throw new Error('Electron is not set up in this checkout: run `npm start` or `npm test` once');
  const noSandbox = whyNoSandbox(runtime.executable);
  return { ...runtime, noSandbox, argsBefore: [...(noSandbox ? ['--no-sandbox'] : []), root] };
}

/** @param {string} executable */
function whyNoSandbox(executable) {
  if (process.platform !== 'linux') return undefined;
  if (process.getuid?.() === 0) return "Chromium's sandbox cannot run as root";
  const helper = statSync(join(dirname(executable), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper && helper.uid === 0 && (helper.mode & 0o4111) === 0o4111) return undefined;
  if (!namespacesAreRestricted()) return undefined;
  return "this system forbids unprivileged user namespaces, which Chromium's sandbox needs in a development build";
}

// Ubuntu 23.10 and newer restrict them by AppArmor, some Debian kernels by their own switch.
function namespacesAreRestricted() {
  return (
    readSwitch('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    readSwitch('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    readSwitch('/proc/sys/user/max_user_namespaces') === '0'
  );
}

/** @param {string} file */
function readSwitch(file) {
  try {
    accessSync(file, constants.R_OK);
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
