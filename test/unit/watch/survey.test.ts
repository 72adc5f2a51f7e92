import { linkSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localDisk, type Disk } from '../../../main/service/watch/disk.ts';
import { openSurvey, type Survey } from '../../../main/service/watch/survey.ts';
import { openTree, type Scan } from '../../../main/service/watch/tree.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gapwatch-survey-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text = 'x'): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const scanned = (): Promise<Scan> => openTree(localDisk(), root).scan();

async function surveyOf(scan: Scan, disk: Disk = localDisk()): Promise<Survey> {
  const survey = openSurvey(disk);
  await survey.ask(scan.read.values());
  return survey;
}

test('size and identity of every file; hard links have the same', async () => {
  put('a.csv', 'hello');
  put('run/one.csv');
  linkSync(join(root, 'run/one.csv'), join(root, 'run/two.csv'));
  const { facts, unsure } = await surveyOf(await scanned());
  expect([...facts.keys()].sort()).toEqual(['a.csv', 'run/one.csv', 'run/two.csv']);
  expect(facts.get('a.csv')).toMatchObject({ path: 'a.csv', native: join(root, 'a.csv'), stat: { kind: 'file', size: 5 } });
  expect(facts.get('run/one.csv')?.stat.inode).toBe(facts.get('run/two.csv')?.stat.inode);
  expect(unsure.size).toBe(0);
});

test('what has gone since it was listed, or is a file no more, is no fact', async () => {
  for (const path of ['stays.csv', 'goes.csv', 'turns.csv']) put(path);
  const scan = await scanned();
  unlinkSync(join(root, 'goes.csv'));
  unlinkSync(join(root, 'turns.csv'));
  mkdirSync(join(root, 'turns.csv'));
  const { facts, unsure } = await surveyOf(scan);
  expect([...facts.keys()]).toEqual(['stays.csv']);
  expect(unsure.size).toBe(0);
});

const failing = (code: string): NodeJS.ErrnoException => Object.assign(new Error('injected'), { code });

test('a file that cannot be asked is unsure', async () => {
  put('a/good.csv');
  put('a/bad.csv');
  const near = localDisk();
  const stat: Disk['stat'] = async (paths) => (await near.stat(paths)).map((stat, at) => (String(paths[at]).endsWith('bad.csv') ? failing('ESTALE') : stat));
  const { facts, unsure } = await surveyOf(await scanned(), { ...near, stat });
  expect([...facts.keys()]).toEqual(['a/good.csv']);
  expect([...unsure]).toEqual(['a/bad.csv']);
});

test('many files are asked in portions; where a whole one fails all of it is unsure, and the others are known', async () => {
  const many = Array.from({ length: 200 }, (_, n) => `${n % 7}/log${n}.csv`);
  for (const path of many) put(path);
  const near = localDisk();
  let asked = 0;
  const stat: Disk['stat'] = (paths) => ((asked += 1) === 2 ? Promise.reject(failing('EIO')) : near.stat(paths));
  const { facts, unsure } = await surveyOf(await scanned(), { ...near, stat });
  expect(asked).toBeGreaterThan(2);
  expect(unsure.size).toBeGreaterThan(0);
  expect([...facts.keys(), ...unsure].sort()).toEqual(many.sort());
  for (const [path, fact] of facts) expect(String(fact.native)).toBe(join(root, path));
});

test('a folder is asked once', async () => {
  put('a/one.csv');
  const scan = await scanned();
  const survey = await surveyOf(scan);
  expect(await survey.ask(scan.read.values())).toEqual([]);
  expect([...survey.facts.keys()]).toEqual(['a/one.csv']);
});
