import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { _electron as electron } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { electronExecutable } from '../../scripts/electron.mjs';

const root = join(import.meta.dirname, '../..');
const runtime = electronExecutable();
const work = mkdtempSync(join(tmpdir(), 'gapwatch-package-'));
const packed = join(work, 'linux-unpacked');
const executable = join(packed, 'gapwatch');
const on = '1'.charCodeAt(0);
const off = '0'.charCodeAt(0);

/** The package of this machine's runtime: installers need tool sets that electron-builder downloads, a folder does not. */
describe.runIf(process.platform === 'linux')('the package', () => {
  beforeAll(() => {
    const builder = join(root, 'node_modules/electron-builder/cli.js');
    const settings = [
      `-c.directories.output=${work}`,
      `-c.electronDist=${runtime.folder}`,
      `-c.electronVersion=${runtime.version}`,
      '-c.electronFuses.enableNodeCliInspectArguments=true',
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, [builder, '--linux', 'dir', '--publish', 'never', ...settings], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('holds the built app and better-sqlite3, and nothing else', () => {
    const files = listPackage(join(packed, 'resources/app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/'));
    const modules = new Set(files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
    expect([...modules]).toEqual(['better-sqlite3']);
    expect(files.filter((file) => !/^\/(dist|node_modules|package\.json$)/.test(file))).toEqual([]);
    expect(files.filter((file) => /\.map$|\/compiled\/|\/(deps|src)\/|\.ts$/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['/dist/main/index.js', '/dist/preload/index.cjs', '/dist/renderer/index.html']));
    expect(statSync(join(packed, 'resources/app.asar')).size).toBeLessThan(30e6);
  });

  test('keeps native binaries outside the archive, for this platform only', () => {
    const unpacked = join(packed, 'resources/app.asar.unpacked/node_modules/better-sqlite3');
    expect(readdirSync(join(unpacked, 'prebuilds'))).toEqual([`${process.platform}-${process.arch}.node`]);
    expect(existsSync(join(unpacked, 'build'))).toBe(runtime.fallback);
  });

  test('has the fuses of electron-builder.yml', async () => {
    const fuses = await getCurrentFuseWire(executable);
    expect(fuses[FuseV1Options.RunAsNode]).toBe(off);
    expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(off);
    expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(on);
    expect(fuses[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(on);
    expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(off);
    // On for this test build only: without it Playwright cannot connect.
    expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(on);
  });

  test('carries out commands on a machine without a display, as the command line under Node does', () => {
    const env = { ...process.env };
    for (const display of ['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_SESSION_TYPE']) delete env[display];
    const words = ['check', join(root, 'test/fixtures/logs/keras-csv-late-val'), '--json'];
    const { status, stdout, stderr } = spawnSync(executable, ['--no-sandbox', ...words], { env, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const underNode = spawnSync(process.execPath, [join(root, 'dist/service/cli.cjs'), ...words], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(underNode.stdout));
    expect(spawnSync(executable, ['--no-sandbox', '--version'], { env, encoding: 'utf8' }).stdout).toBe(`${manifest.version}\n`);
  });

  test.each([
    ['of the package', () => [executable, '--no-sandbox']],
    ['under Node', () => [process.execPath, join(root, 'dist/service/cli.cjs')]],
  ])('the command line %s says nothing when its reader goes away', (_, program) => {
    const words = [...program(), 'export', join(root, 'main/service/examples/runs/accumulation-scale'), '--jsonl'].map((word) => `'${word}'`);
    const { stdout, stderr } = spawnSync('/bin/bash', ['-c', `${words.join(' ')} | head -n 1; echo "\${PIPESTATUS[0]}"`], { encoding: 'utf8' });
    expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\{"run":/), '0', '']);
    expect(stderr).not.toMatch(/EPIPE|exception/i);
  });

  const launch = () => {
    const env = { ...process.env, GAPWATCH_DATA: join(work, 'data'), XDG_CONFIG_HOME: join(work, 'config') };
    return electron.launch({ executablePath: executable, args: ['--no-sandbox'], env, timeout: 30_000 });
  };

  test('starts, shows its window and loads better-sqlite3', async () => {
    const app = await launch();
    try {
      const window = await app.firstWindow();
      // Any page of a file: address may read every file on the machine.
      await window.waitForURL(/^app:/);
      await expect.poll(() => window.title()).toContain('Gapwatch');
      const found = await app.evaluate(({ app }) => {
        const { createRequire } = process.getBuiltinModule('node:module');
        const Database = createRequire(`${app.getAppPath()}/`)('better-sqlite3');
        const row = new Database(':memory:').prepare('select 40 + 2 as answer').get();
        return { answer: row.answer, packaged: app.isPackaged, electron: process.versions.electron };
      });
      expect(found).toEqual({ answer: 42, packaged: true, electron: runtime.version });
      // What keeps a hung network folder from stopping the service is a script of its own, started from within the archive.
      const listed = await app.evaluate(({ app }, folder) => {
        const { Worker } = process.getBuiltinModule('node:worker_threads');
        const worker = new Worker(`${app.getAppPath()}/dist/service/disk-worker.cjs`);
        return new Promise<string[]>((resolve, reject) => {
          worker.once('error', reject);
          worker.once('message', ({ value }: { value: { file: string[] } }) => resolve(value.file));
          worker.postMessage({ id: 1, call: 'list', folder });
        }).finally(() => worker.terminate());
      }, packed);
      expect(listed).toContain('gapwatch');
      // So is what diagnoses long runs.
      const diagnosed = await app.evaluate(({ app }) => {
        const { Worker } = process.getBuiltinModule('node:worker_threads');
        const worker = new Worker(`${app.getAppPath()}/dist/service/diagnosis-worker.cjs`);
        const run = { series: [], formats: [], config: new Map(), facts: new Map(), state: 'unknown', now: null, lastByteAt: null };
        return new Promise<unknown>((resolve, reject) => {
          worker.once('error', reject);
          worker.once('message', resolve);
          worker.postMessage({ run, points: new Map(), beside: {} });
        }).finally(() => worker.terminate());
      });
      expect(diagnosed).toMatchObject({ diagnosis: { gap: { state: 'too-few', evals: 0 } } });
    } finally {
      await app.close();
    }
  });

  test('keeps the compiled code of the scripts in the archive, and starts from it', async () => {
    const kept = join(work, 'data', 'compiled', `${runtime.version}-${process.arch}`);
    const sessions = (): number[] => readdirSync(kept).filter((name) => /^(process|open)-/.test(name)).map((name) => readFileSync(join(kept, name)).at(-1) ?? 0);
    expect(sessions()).toEqual([1, 1]);
    const app = await launch();
    const window = await app.firstWindow();
    // What the page shows of the list, the service has said.
    await window.waitForSelector('main[aria-busy="false"]');
    await app.close();
    // Code that V8 had refused would be of one session again.
    expect(sessions()).toEqual([2, 2]);
  });
});
