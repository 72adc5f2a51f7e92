import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'gapwatch-commands-'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

function run(script: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const started = performance.now();
  const result = spawnSync(process.execPath, [join(root, 'scripts', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 120_000,
  });
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.runIf(process.platform === 'linux')('npm start without a display', () => {
  test('opens the app on a virtual one within seconds and saves a screenshot of the first paint', () => {
    const screenshot = join(work, 'first-paint.png');
    const { status, stderr, seconds } = run('start.mjs', [], {
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      GAPWATCH_DATA: join(work, 'data'),
      XDG_CONFIG_HOME: join(work, 'config'),
      GAPWATCH_SCREENSHOT: screenshot,
      GAPWATCH_EXIT_AFTER_PAINT: '1',
    });
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('virtual');
    expect(stderr).toContain(screenshot);
    expect(readFileSync(screenshot).subarray(1, 4).toString()).toBe('PNG');
    expect(seconds).toBeLessThan(20);
  });
});

describe('npm run gapwatch', () => {
  test('prints the version and nothing else', () => {
    const { status, stdout, stderr } = run('gapwatch.mjs', ['--version']);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('leaves nothing in a folder without a store, also where nothing can be written beside the program', () => {
    run('gapwatch.mjs', ['--version']);
    const [program, empty] = [join(work, 'program', 'service'), join(work, 'empty')];
    cpSync(join(root, 'dist', 'service'), program, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(work, 'program', 'node_modules'));
    // In the way of what would be kept there; root may write anywhere else.
    rmSync(join(program, 'compiled'), { recursive: true, force: true });
    writeFileSync(join(program, 'compiled'), '');
    mkdirSync(empty);
    const { status, stderr } = spawnSync(process.execPath, [join(program, 'cli.cjs'), 'export', '--jsonl', '--data', empty], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(`There is no store in ${empty}`);
    expect(readdirSync(empty)).toEqual([]);
  });

  test('passes the exit code of wrong use on, with one line that says what', () => {
    const { status, stdout, stderr } = run('gapwatch.mjs', ['no-such-command']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
