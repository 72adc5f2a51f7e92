import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-compiled-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What `keepCompiled` returns in a process of its own, which then loads a module. */
function keeping(kept: string): string {
  writeFileSync(join(folder, 'loaded.mjs'), 'export const one = 1;\n');
  const script = `
    import { keepCompiled } from ${JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'main', 'compiled.ts'))};
    process.stdout.write(String(keepCompiled(${JSON.stringify(kept)})));
    await import(${JSON.stringify(join(folder, 'loaded.mjs'))});`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
}

test('compiled code is kept in the folder', () => {
  expect(keeping(folder)).toBe('true');
  const [runtime = ''] = readdirSync(join(folder, 'compiled'));
  expect(readdirSync(join(folder, 'compiled', runtime)).length).toBeGreaterThan(0);
});

test('a folder that cannot be made is said, and no error', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(keeping(join(folder, 'file'))).toBe('false');
  expect(existsSync(join(folder, 'compiled'))).toBe(false);
});
