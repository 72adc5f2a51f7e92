import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHints, type Hints } from '../../../main/service/watch/hints.ts';

let root: string;
let hints: Hints;
let heard: string[];
let waiting: { text: string; resolve(): void }[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-hints-')));
  heard = [];
  waiting = [];
  const hear = (text: string): void => {
    heard.push(text);
    for (const one of waiting) if (one.text === text) one.resolve();
  };
  hints = openHints(root, {
    file: (path) => hear(`file ${path}`),
    folder: (path) => hear(`folder ${path}`),
    trouble: (sentence) => hear(`trouble ${sentence}`),
  });
});
afterEach(() => {
  hints.close();
  rmSync(root, { recursive: true, force: true });
});

function until(text: string): Promise<void> {
  if (heard.includes(text)) return Promise.resolve();
  return new Promise((resolve) => waiting.push({ text, resolve }));
}

test('a file that grows and a folder that gets one are hinted at, with paths relative to the root', async () => {
  mkdirSync(join(root, 'run'));
  writeFileSync(join(root, 'run/a.csv'), 'x');
  hints.watch('', root);
  hints.watch('run', join(root, 'run'));
  appendFileSync(join(root, 'run/a.csv'), 'y');
  await until('file run/a.csv');
  writeFileSync(join(root, 'run/b.csv'), 'x');
  await until('folder run');
  writeFileSync(join(root, 'c.csv'), 'x');
  await until('folder ');
});

test('a folder that is not there is no trouble', () => {
  hints.watch('none', join(root, 'none'));
  expect(heard).toEqual([]);
});

test('a folder that is no longer watched is silent, others are not', async () => {
  mkdirSync(join(root, 'run'));
  hints.watch('', root);
  hints.watch('run', join(root, 'run'));
  hints.unwatch('run');
  writeFileSync(join(root, 'run/a.csv'), 'x');
  writeFileSync(join(root, 'b.csv'), 'x');
  await until('folder ');
  expect(heard.filter((text) => text.includes('run'))).toEqual([]);
});
