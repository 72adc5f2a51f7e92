import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localDisk } from '../../../main/service/watch/disk.ts';
import { nameOf, pathOf } from '../../../main/service/watch/listing.ts';
import { below } from '../../../main/service/watch/names.ts';
import { openTree, type Scan, type Tree } from '../../../main/service/watch/tree.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gapwatch-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text = 'x'): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const paths = (scan: Scan): string[] => [...scan.read.values()].flatMap(({ path, files }) => files.map((entry) => below(path, nameOf(entry)))).sort();
const readIn = async (tree: Tree): Promise<string[]> => [...(await tree.scan()).read.keys()];

test('finds files at every depth up to the limit, and asks none of them for its stat', async () => {
  put('a.csv', 'hello');
  put('1/2/3/b.csv');
  put('1/2/3/4/5/6/7/8/9/deep.csv');
  const asked: string[] = [];
  const disk = localDisk();
  const scan = await openTree({ ...disk, stat: (paths) => disk.stat(paths.map((path) => (asked.push(String(path)), path))) }, root).scan();
  expect(paths(scan)).toEqual(['1/2/3/b.csv', 'a.csv']);
  expect(asked.filter((path) => path.endsWith('.csv'))).toEqual([]);
});

test('leaves out tools, checkpoints and media, keeps event files whatever their ending', async () => {
  for (const path of ['.git/x.csv', 'node_modules/x.csv', 'run/__pycache__/x.csv']) put(path);
  for (const path of ['run/model.pt', 'run/a.png', 'run/.hidden', 'run/mlflow.db-wal']) put(path);
  put('run/metrics.csv');
  put('run/train.py');
  put('run/config.py');
  put('run/events.out.tfevents.1.host.1.0.v2');
  put('run/checkpoint-10/trainer_state.json');
  const scan = await openTree(localDisk(), root).scan();
  expect(paths(scan)).toEqual([
    'run/checkpoint-10/trainer_state.json',
    'run/config.py',
    'run/events.out.tfevents.1.host.1.0.v2',
    'run/metrics.csv',
  ]);
});

test('never follows links: no loop, nothing outside, and says which link leaves the folder', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'gapwatch-outside-'));
  writeFileSync(join(outside, 'secret.csv'), 'x');
  put('run/metrics.csv');
  symlinkSync(root, join(root, 'run', 'loop'));
  symlinkSync(outside, join(root, 'run', 'away'));
  symlinkSync('/etc/passwd', join(root, 'run', 'passwd.csv'));
  symlinkSync('metrics.csv', join(root, 'run', 'latest.csv'));
  symlinkSync('nowhere', join(root, 'run', 'dangling.csv'));
  const said: string[] = [];
  const scan = await openTree(localDisk(), root, { problem: (path) => said.push(path) }).scan();
  expect(paths(scan)).toEqual(['run/metrics.csv']);
  expect(said.sort()).toEqual(['run/away', 'run/passwd.csv']);
  rmSync(outside, { recursive: true });
});

test('does not open FIFOs, sockets or devices', async () => {
  execFileSync('mkfifo', [join(root, 'pipe.csv')]);
  put('a.csv');
  const disk = localDisk();
  expect(paths(await openTree(disk, root).scan())).toEqual(['a.csv']);
  await expect(disk.read(join(root, 'pipe.csv'), [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: 'EINVAL' });
  await expect(disk.read('/dev/zero', [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: 'EINVAL' });
});

test('reads names that are no UTF-8, and names that would trouble others', async () => {
  const odd = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.csv')]);
  writeFileSync(odd, 'odd');
  for (const name of ['__proto__.csv', '<b>.csv', 'new\nline.csv', '\u202ertl.csv', 'back\\x41slash.csv']) put(name, name);
  const disk = localDisk();
  const scan = await openTree(disk, root).scan();
  expect(paths(scan)).toContain('caf\\xe9.csv');
  const files = scan.read.get('')?.files ?? [];
  expect(files).toHaveLength(6);
  for (const entry of files) {
    const { parts } = await disk.read(pathOf(root, entry), [{ offset: 0, length: 100 }]);
    const expected = nameOf(entry).startsWith('caf') ? 'odd' : nameOf(entry);
    expect(Buffer.from(parts[0] ?? []).toString()).toBe(expected);
  }
});

test('a data set folder is said to be one, and its event files are still read', async () => {
  for (let index = 0; index < 30; index += 1) put(`data/${index}.txt`);
  put('data/events.out.tfevents.1.h');
  put('data/run/metrics.csv');
  const said: [string, string | null][] = [];
  const scan = await openTree(localDisk(), root, { crowd: 20, problem: (path, text) => said.push([path, text]) }).scan();
  expect(paths(scan)).toEqual(['data/events.out.tfevents.1.h', 'data/run/metrics.csv']);
  expect(said).toEqual([['data', '31 files in one folder: taken for a data set, only event files are read there']]);
});

test('a second scan reads only folders that changed', async () => {
  put('a/one.csv');
  put('b/two.csv');
  const old = new Date(Date.now() - 60_000);
  for (const folder of ['', 'a', 'b']) utimesSync(join(root, folder), old, old);
  const tree = openTree(localDisk(), root);
  expect((await readIn(tree)).sort()).toEqual(['', 'a', 'b']);
  expect(await readIn(tree)).toEqual([]);
  put('b/three.csv');
  const scan = await tree.scan();
  expect([...scan.read.keys()]).toEqual(['b']);
  expect(paths(scan)).toEqual(['b/three.csv', 'b/two.csv']);
});

test('a folder that was changed just before it was read is read again', async () => {
  put('a/one.csv');
  const tree = openTree(localDisk(), root);
  await tree.scan();
  expect((await tree.scan()).read.has('a')).toBe(true);
});

test('folders that go, come back or are renamed', async () => {
  put('a/b/one.csv');
  const left: string[] = [];
  const tree = openTree(localDisk(), root, { leaving: (path) => left.push(path) });
  await tree.scan();
  renameSync(join(root, 'a'), join(root, 'c'));
  const scan = await tree.scan();
  expect(scan.removed.sort()).toEqual(['a', 'a/b']);
  expect(left.sort()).toEqual(['a', 'a/b']);
  expect(paths(scan)).toEqual(['c/b/one.csv']);
});

test('a root that is gone says so, and is found again', async () => {
  put('one.csv');
  const tree = openTree(localDisk(), root);
  await tree.scan();
  renameSync(root, `${root}-away`);
  expect(await tree.scan()).toMatchObject({ rooted: false, removed: [''] });
  renameSync(`${root}-away`, root);
  const scan = await tree.scan();
  expect(scan.rooted).toBe(true);
  expect(paths(scan)).toEqual(['one.csv']);
});

test('a partial scan reads the named folder and what is new below it', async () => {
  put('a/one.csv');
  put('b/two.csv');
  const tree = openTree(localDisk(), root);
  await tree.scan();
  put('a/new/three.csv');
  put('b/four.csv');
  const scan = await tree.scan(['a']);
  expect([...scan.read.keys()]).toEqual(['a', 'a/new']);
  expect(paths(scan)).toEqual(['a/new/three.csv', 'a/one.csv']);
});

test('a folder that is distrusted is read again', async () => {
  put('a/one.csv');
  put('b/two.csv');
  const old = new Date(Date.now() - 60_000);
  for (const folder of ['', 'a', 'b']) utimesSync(join(root, folder), old, old);
  const tree = openTree(localDisk(), root);
  await tree.scan();
  tree.distrust('b');
  expect(await readIn(tree)).toEqual(['b']);
  tree.distrust('gone');
  expect(await readIn(tree)).toEqual([]);
});

test('the names beside a file are those of all that lies there', async () => {
  put('a/one.csv');
  put('a/one.png');
  put('a/checkpoints/model.pt');
  symlinkSync('one.csv', join(root, 'a', 'latest.csv'));
  const tree = openTree(localDisk(), root);
  await tree.scan();
  expect([...tree.names('a')].sort()).toEqual(['checkpoints', 'latest.csv', 'one.csv', 'one.png']);
  expect(tree.names('b').size).toBe(0);
});
