import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode } from './setup/dependencies.mjs';
import { startVirtualDisplay } from './setup/display.mjs';
import { ensureApp } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { foreground } from './setup/run.mjs';
import { Problem, say, tell } from './setup/say.mjs';
import { ensureTestTools } from './setup/system.mjs';

/**
 * @typedef {{passed: number, failed: number, skipped: number}} Counts
 * @typedef {{counts: Counts, ok: boolean}} Result
 */

/** @type {Record<string, () => Promise<Result>>} */
const stages = {
  lint: () => check(tool('eslint/bin/eslint.js'), '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/'),
  types: async () => {
    const plain = await check(tool('typescript/bin/tsc'), '--noEmit');
    const views = await check(tool('svelte-check/bin/svelte-check'), '--fail-on-warnings', '--output', 'human');
    return { counts: add(plain.counts, views.counts), ok: plain.ok && views.ok };
  },
  unit: () => tests('unit'),
  files: () => tests('files'),
  e2e: () => tests('e2e', true),
  smoke: () => tests('smoke', true),
};

/** Stages that a display and a session bus of their own are made for. */
const inWindow = ['e2e', 'smoke'];

/**
 * Runs the named stages, all without a name; later stages run even if an earlier one failed.
 * @param {string[]} names
 * @returns {Promise<number>} exit code
 */
export async function runStages(names) {
  const unknown = names.filter((name) => !(name in stages));
  if (unknown.length > 0) throw new Problem(`there is no stage ${unknown.join(', ')}`, `choose from ${Object.keys(stages).join(', ')}`);
  const chosen = Object.keys(stages).filter((name) => names.length === 0 || names.includes(name));
  /** @type {string[]} */
  const lines = [];
  let sum = { passed: 0, failed: 0, skipped: 0 };
  let ok = true;
  const time = async (/** @type {string} */ name, /** @type {() => Promise<Result>} */ run) => {
    say(`stage ${name}`);
    const started = performance.now();
    const result = await run().catch(failure);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    lines.push(`${name.padEnd(8)} ${seconds.padStart(7)} s  ${result.ok ? 'ok' : 'FAILED'}`);
    sum = add(sum, result.counts);
    ok &&= result.ok;
  };
  await time('set-up', () => setUp(chosen));
  const ready = ok;
  for (const name of chosen) await time(name, (ready || !inWindow.includes(name) ? stages[name] : undefined) ?? withoutApp);
  const { passed, failed, skipped } = sum;
  process.stdout.write(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return ok && failed === 0 ? 0 : 1;
}

/** @returns {Promise<Result>} */
async function setUp(/** @type {string[]} */ chosen = []) {
  // Tests of the tool and of the service start what is built, and every test needs a better-sqlite3 that loads.
  if (chosen.some((name) => name !== 'lint' && name !== 'types')) await ensureApp();
  if (chosen.some((name) => inWindow.includes(name))) await ensureTestTools();
  return { counts: { passed: 0, failed: 0, skipped: 0 }, ok: true };
}

// An older build would answer in place of the one that failed.
const withoutApp = () => Promise.reject(new Problem('this stage needs the app, whose set-up failed', 'mend the set-up first'));

// What stops one stage must not hide what the others have to say, nor the closing line.
function failure(/** @type {unknown} */ error) {
  tell(error);
  return { counts: { passed: 0, failed: 1, skipped: 0 }, ok: false };
}

/**
 * A check that counts no tests; it adds one failure when it fails, so that the closing line cannot look green.
 * @param {...string} command
 * @returns {Promise<Result>}
 */
async function check(...command) {
  const ok = (await foreground(bundledNode(), command, { cwd: root })) === 0;
  return { counts: { passed: 0, failed: ok ? 0 : 1, skipped: 0 }, ok };
}

/**
 * @param {string} project of vitest.config.ts
 * @param {boolean} [window] with a virtual display and a session bus of its own
 * @returns {Promise<Result>}
 */
async function tests(project, window = false) {
  const report = join(root, 'test-results', `${project}.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const command = [bundledNode(), tool('vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests'];
  command.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const isolated = window && process.platform === 'linux';
  const display = isolated ? await startVirtualDisplay('for the end-to-end tests') : undefined;
  if (isolated) command.unshift('dbus-run-session', '--');
  try {
    const [program = '', ...args] = command;
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...process.env, ...display?.env, NO_COLOR: '1' };
    delete env.WAYLAND_DISPLAY;
    const code = await foreground(program, args, { cwd: root, env });
    return { counts: readReport(report, code), ok: code === 0 };
  } finally {
    display?.stop();
  }
}

/**
 * @param {string} file JSON report of vitest
 * @param {number} code exit code of vitest
 * @returns {Counts}
 */
function readReport(file, code) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const skipped = report.numPendingTests + report.numTodoTests;
    // A file that fails before its first test reports no failed test: count the file.
    const failed = report.numFailedTests || (code === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped };
  } catch {
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  }
}

/** @param {string} path below node_modules */
function tool(path) {
  return join(root, 'node_modules', path);
}

/**
 * @param {Counts} a
 * @param {Counts} b
 */
function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}
