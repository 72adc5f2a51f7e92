import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash, readJson, readStamp, root, writeStamp } from './paths.mjs';
import { capture, tail } from './run.mjs';
import { Problem, say, step } from './say.mjs';

/** The installed packages match package-lock.json, by the stamp of the last installation. */
export function dependenciesAreFresh() {
  return readStamp('dependencies')?.lock === lockHash() && existsSync(bundledNode());
}

/** Installs the locked packages when node_modules is missing or older than package-lock.json. */
export async function ensureDependencies() {
  if (dependenciesAreFresh()) return;
  if (!installedMatchesLock()) {
    await step('installing the packages of package-lock.json', async () => {
      const { code, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
      if (code !== 0) {
        throw new Problem(
          `npm ci failed:\n${tail(output, 15)}`,
          'check the connection to the npm registry and that package.json and package-lock.json agree, then run the command again',
        );
      }
    });
  }
  await ensureBundledNode();
  writeStamp('dependencies', { lock: lockHash() });
}

/** The Node that the `node` package brings; the tools need a newer one than many machines have. */
export function bundledNode() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Goes on under the bundled Node when this process runs on an older one.
 * @param {string} script path of the running script
 * @returns {string[] | undefined} the command that replaces this process, undefined when this Node is new enough
 */
export function replacementNode(script) {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24 ? undefined : [bundledNode(), script, ...process.argv.slice(2)];
}

function lockHash() {
  return hash(readFileSync(join(root, 'package-lock.json')));
}

// Somebody may have run `npm ci` or `npm install` by hand: npm notes what it installed.
function installedMatchesLock() {
  const note = join('node_modules', '.package-lock.json');
  if (!existsSync(join(root, note))) return false;
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson(note).packages;
  return Object.keys(wanted).every((path) => path === '' || wanted[path].optional || installed[path]?.version === wanted[path].version);
}

// The `node` package fetches its binary in an install script, which a user's npm settings may forbid.
async function ensureBundledNode() {
  if (existsSync(bundledNode())) return;
  say('fetching Node with the script of the `node` package, because npm did not run it');
  const { output } = await capture(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: join(root, 'node_modules', 'node'),
  });
  if (!existsSync(bundledNode())) {
    throw new Problem(
      `the package node@${readJson('package.json').devDependencies.node} brought no binary:\n${tail(output)}`,
      'install Node 24 or newer from nodejs.org and run the command again',
    );
  }
}

/**
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  // A script run by npm knows where npm is; on Windows `npm` alone is a batch file that needs a shell.
  if (cli?.endsWith('.js')) return capture(process.execPath, [cli, ...args], { cwd: root, ...options });
  return capture('npm', args, { cwd: root, shell: process.platform === 'win32', ...options });
}
