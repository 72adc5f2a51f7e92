import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { edits, patchedVersion } from './better-sqlite3-napi9.mjs';
import { bundledNode } from './dependencies.mjs';
import { cacheDir, hash, readJson, readStamp, root, writeStamp } from './paths.mjs';
import { capture, tail } from './run.mjs';
import { Problem, say, step } from './say.mjs';
import { ensureCommands } from './system.mjs';

/** @typedef {import('./electron.mjs').Runtime} Runtime */

const module = join(root, 'node_modules', 'better-sqlite3');
const built = join(module, 'build', 'Release', 'better_sqlite3.node');
const probe = 'const D = require("better-sqlite3"); new D(":memory:").prepare("select 1").get()';

/** Makes better-sqlite3 load in the Electron in use; on a current one its prebuilt binary does and nothing is built. */
export async function ensureNative(/** @type {Runtime} */ runtime) {
  const state = { electron: runtime.version, sqlite: readJson('package.json').dependencies['better-sqlite3'], built: existsSync(built) };
  const checked = readStamp('native');
  if (checked && JSON.stringify(checked) === JSON.stringify(state)) return;
  if (!(await loads(runtime))) {
    say(`the prebuilt better-sqlite3 ${state.sqlite} does not load in Electron ${runtime.version}: building it for Node-API 9`);
    await useOwnBuild(state.sqlite);
    if (!(await loads(runtime))) {
      throw new Problem(
        `better-sqlite3 ${state.sqlite} does not load in Electron ${runtime.version}, not even built for it`,
        `delete ${cacheDir()} and run the command again`,
      );
    }
  }
  writeStamp('native', { ...state, built: existsSync(built) });
}

// A binary for a newer Node-API takes the whole process down, so only a process of its own can try it.
async function loads(/** @type {Runtime} */ { executable }) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const [electron, node] = await Promise.all([
    capture(executable, ['-e', probe], { cwd: root, env, limitMs: 60_000 }),
    capture(bundledNode(), ['-e', probe], { cwd: root, limitMs: 60_000 }),
  ]);
  return electron.code === 0 && node.code === 0;
}

/** @param {string} version */
async function useOwnBuild(version) {
  if (version !== patchedVersion) {
    throw new Problem(
      `the edits for Node-API 9 were written for better-sqlite3 ${patchedVersion}, not ${version}`,
      'look at scripts/setup/better-sqlite3-napi9.mjs, or use a machine that can download the declared Electron',
    );
  }
  const key = hash(JSON.stringify(edits));
  const cached = join(cacheDir(), `better-sqlite3-${version}-${process.platform}-${process.arch}-${key}.node`);
  if (!existsSync(cached)) await build(cached);
  mkdirSync(dirname(built), { recursive: true });
  // A process that has the old binary loaded must keep it: replace the file, do not write into it.
  copyFileSync(cached, `${built}.new`);
  renameSync(`${built}.new`, built);
}

/** @param {string} target */
async function build(target) {
  await ensureCommands(['g++', 'make', 'python3'], 'to build better-sqlite3');
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(join(cacheDir(), 'better-sqlite3-'));
  try {
    for (const name of ['better-sqlite3', 'node-addon-api']) {
      const from = join(root, 'node_modules', name);
      const to = name === 'better-sqlite3' ? work : join(work, 'node_modules', name);
      cpSync(from, to, { recursive: true, filter: (path) => path !== join(from, 'build') && path !== join(from, 'prebuilds') });
    }
    for (const { file, from, to } of edits) edit(join(work, file), from, to);
    const gyp = join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
    const headers = headersFolder();
    const args = [gyp, 'rebuild', '--release', '--force_build=1', '-j', 'max', ...(headers ? [`--nodedir=${headers}`] : [])];
    const { code, output } = await step('building better-sqlite3 (about a minute, once)', () =>
      capture(bundledNode(), args, { cwd: work }),
    );
    const result = join(work, 'build', 'Release', 'better_sqlite3.node');
    if (code !== 0 || !existsSync(result)) {
      throw new Problem(
        `building better-sqlite3 failed:\n${tail(output, 15)}`,
        'install a C++20 compiler, make, Python 3 and the headers of Node',
      );
    }
    renameSync(result, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @param {string} from
 * @param {string} to
 */
function edit(file, from, to) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`better-sqlite3 is not what its edits expect: ${file} has no "${from}"`);
  writeFileSync(file, text.replaceAll(from, to));
}

// Node-API is the same in every Node, so the headers of any installed one will do; without any node-gyp downloads them.
function headersFolder() {
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const candidates = [process.env.npm_config_nodedir, ...onPath.map((folder) => dirname(folder)), '/usr', '/usr/local'];
  return candidates.find((folder) => folder && existsSync(join(folder, 'include', 'node', 'common.gypi')));
}
