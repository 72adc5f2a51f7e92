import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const cli = join(import.meta.dirname, '..', '..', '..', 'main', 'cli.ts');
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gapwatch-compiled-'));
  mkdirSync(join(scratch, 'runs'));
  writeFileSync(join(scratch, 'runs', 'metrics.jsonl'), '{"step":1,"loss":2}\n');
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function run(...args: string[]): string {
  return execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', cwd: scratch, env: { ...process.env, GAPWATCH_DATA: '' } });
}

test('a command that keeps its data keeps its compiled code; damaged code is compiled anew', () => {
  const ingest = (): { points: number } => JSON.parse(run('ingest', 'runs', '--data', 'data', '--json')) as { points: number };
  expect(ingest().points).toBe(1);
  const [version = ''] = readdirSync(join(scratch, 'data', 'compiled'));
  const folder = join(scratch, 'data', 'compiled', version);
  const files = readdirSync(folder).map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(50);
  const largest = files.sort((a, b) => statSync(b).size - statSync(a).size)[0]!;
  const bytes = readFileSync(largest);
  for (let at = 64; at < bytes.length; at += 97) bytes[at]! ^= 0x55;
  writeFileSync(largest, bytes);
  expect(ingest().points).toBe(1);
  // A folder that cannot be written.
  rmSync(join(scratch, 'data', 'compiled'), { recursive: true });
  writeFileSync(join(scratch, 'data', 'compiled'), '');
  expect(ingest().points).toBe(1);
}, 60_000);

test('a command that keeps nothing leaves nothing behind', () => {
  expect(run('check', 'runs')).toContain('.:');
  expect(readdirSync(scratch)).toEqual(['runs']);
  expect(existsSync(join(scratch, 'compiled'))).toBe(false);
}, 60_000);
