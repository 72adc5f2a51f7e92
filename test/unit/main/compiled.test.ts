import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const NAME = 'answers-0aB_c-9Z.cjs';
const SCRIPT = `
const { one } = require('./one-00000000.cjs');
const path = require('node:path');
exports.answers = () => [one, path.basename(__dirname), path.basename(__filename), path.basename(module.filename)];
${Array.from({ length: 50 }, (_, i) => `function f${i}(a) { return [a, ${i}, 'many functions'].map((b) => b + ${i}); }`).join('\n')}
exports.callAll = () => [${Array.from({ length: 50 }, (_, i) => `f${i}`).join(', ')}].map((f) => f(1)).length;
exports.fail = () => {
  throw new Error('thrown here');
};
`;

const THROWS = SCRIPT.split('\n').findIndex((line) => line.includes('thrown here')) + 1;

let folder = '';
let program = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-compiled-'));
  program = join(folder, 'program');
  mkdirSync(program);
  writeFileSync(join(program, NAME), SCRIPT);
  writeFileSync(join(program, 'one-00000000.cjs'), 'exports.one = 1;\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const runtime = `${process.version}-${process.arch}`;
const kept = (name = NAME): string => join(folder, 'compiled', runtime, name);
const sessions = (): number | undefined => readFileSync(kept()).at(-1);

/** Runs `use` with the script as `it`, in a process of its own that keeps compiled code in `where`. Returns what it prints. */
function session(use = 'print(it.answers())', where = folder, afterMs?: number): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', body(use, where, afterMs)], { encoding: 'utf8' });
}

function body(use: string, where: string, afterMs?: number): string {
  return `
    import { createRequire } from 'node:module';
    import { existsSync } from 'node:fs';
    import { keepCompiled } from ${JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'main', 'compiled.ts'))};
    const print = (value) => process.stdout.write(JSON.stringify(value));
    const isKept = keepCompiled(${JSON.stringify(where)}, ${afterMs});
    const it = createRequire(import.meta.url)(${JSON.stringify(join(program, NAME))});
    ${use};`;
}

test('scripts see what `require` gives them, from kept code as without', () => {
  const answers = JSON.stringify([1, 'program', NAME, NAME]);
  expect([session(), session()]).toEqual([answers, answers]);
});

test('an error names file and line, from kept code as without', () => {
  for (let time = 0; time < 2; time += 1) {
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', body('it.fail()', folder)], { encoding: 'utf8' });
    expect(stderr).toContain(`${join(program, NAME)}:${THROWS}:`);
  }
});

test('what three sessions called is gathered, and then left as it is', () => {
  session();
  expect(sessions()).toBe(1);
  const little = readFileSync(kept()).length;
  session('it.callAll()');
  expect(sessions()).toBe(2);
  expect(readFileSync(kept()).length).toBeGreaterThan(1.5 * little);
  session();
  expect(sessions()).toBe(3);
  const gathered = readFileSync(kept());
  expect(gathered.length).toBeGreaterThan(1.5 * little);
  session('it.callAll()');
  expect(readFileSync(kept()).equals(gathered)).toBe(true);
});

test('code is kept after a while, too, for a process that is killed later', () => {
  const waits = `const waiting = setInterval(() => { if (!existsSync(${JSON.stringify(kept())})) return; clearInterval(waiting); process.kill(process.pid, 'SIGKILL'); }, 5)`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', body(waits, folder, 1)]);
  expect(signal).toBe('SIGKILL');
  expect(sessions()).toBe(1);
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  return bytes;
}

test.each([
  ['one flipped bit', (bytes: Buffer) => flipped(bytes, bytes.length >> 2)],
  ['a flipped bit in its second copy', (bytes: Buffer) => flipped(bytes, bytes.length - 20)],
  ['zeros', (bytes: Buffer) => bytes.fill(0)],
  ['a torn end', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ['nothing', () => Buffer.alloc(0)],
  ['other text', () => Buffer.from('not compiled at all')],
  ['the code of another script', () => readFileSync(kept('one-00000000.cjs'))],
])('%s in its place is not run: the script is compiled anew', (_, damaged) => {
  session();
  writeFileSync(kept(), damaged(readFileSync(kept())));
  expect(session()).toBe(JSON.stringify([1, 'program', NAME, NAME]));
  expect(sessions()).toBe(1);
});

test('what earlier versions left goes when the first code of this one is kept', () => {
  mkdirSync(join(folder, 'compiled', 'v22.0.0-x64'), { recursive: true });
  mkdirSync(join(folder, 'compiled', runtime));
  writeFileSync(kept('answers-earlier0.cjs'), '');
  writeFileSync(kept(`${NAME}.4711`), 'half wri');
  session();
  expect(readdirSync(join(folder, 'compiled'))).toEqual([runtime]);
  expect(readdirSync(join(folder, 'compiled', runtime)).sort()).toEqual([NAME, 'one-00000000.cjs']);
});

test('a script whose name does not tell its content is compiled each time', () => {
  writeFileSync(join(program, 'plain.cjs'), 'exports.two = 2;\n');
  expect(session(`print(createRequire(import.meta.url)(${JSON.stringify(join(program, 'plain.cjs'))}).two)`)).toBe('2');
  expect(existsSync(kept('plain.cjs'))).toBe(false);
});

test('where nothing can be written, nothing is left behind and nothing fails', () => {
  mkdirSync(kept(), { recursive: true });
  expect(session()).toBe(JSON.stringify([1, 'program', NAME, NAME]));
  expect(readdirSync(join(folder, 'compiled', runtime)).sort()).toEqual([NAME, 'one-00000000.cjs']);
});

test('a folder that cannot be made is said, and no error', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(session('print(isKept)', join(folder, 'file'))).toBe('false');
  expect(session('print(isKept)')).toBe('true');
});
