import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localDisk, type Disk } from '../../../main/service/watch/disk.ts';
import { nameOf, pathOf } from '../../../main/service/watch/listing.ts';
import { slowDisk } from '../../../main/service/watch/slow-disk.ts';
import { workerScript } from '../../../main/service/workerScript.ts';

let folder: string;
let disk: Disk;
let hangs: boolean[];
let timers: (() => void)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-slow-'));
  hangs = [];
  timers = [];
  const after = (_ms: number, work: () => void): (() => void) => {
    timers.push(work);
    return () => void (timers = timers.filter((one) => one !== work));
  };
  const clock = { wall: () => 0, steady: () => 0, after };
  disk = slowDisk(workerScript('disk-worker'), { clock, onHang: (hanging) => hangs.push(hanging) });
});
afterEach(async () => {
  await disk.close();
  rmSync(folder, { recursive: true, force: true });
});

test('answers as the disk of this thread does', async () => {
  writeFileSync(join(folder, 'a.csv'), 'hello world');
  mkdirSync(join(folder, 'b'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9])]), 'odd');
  const near = localDisk();
  const paths = [join(folder, 'a.csv'), join(folder, 'b')];
  expect(await disk.stat(paths)).toEqual(await near.stat(paths));
  const { file, folder: folders } = await disk.list(folder, false);
  expect(file.map(nameOf).sort()).toEqual(['\\xe9', 'a.csv']);
  expect(folders).toEqual(['b']);
  const bytes = pathOf(folder, file.find((entry) => nameOf(entry) === '\\xe9')!);
  expect(Buffer.from(bytes).toString('latin1')).toBe(`${folder}/\xe9`);
  for (const path of [join(folder, 'a.csv'), bytes]) {
    const ranges = [
      { offset: 1, length: 2 },
      { offset: 0, length: 100 },
    ];
    const [far, here] = [await disk.read(path, ranges), await near.read(path, ranges)];
    expect(far.stat).toEqual(here.stat);
    expect(far.parts.map((part) => Buffer.from(part).toString())).toEqual(here.parts.map((part) => Buffer.from(part).toString()));
  }
});

test('errors keep their code', async () => {
  const [missing] = await disk.stat([join(folder, 'none')]);
  expect(missing).toMatchObject({ code: 'ENOENT' });
  await expect(disk.read(join(folder, 'none'), [{ offset: 0, length: 1 }])).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(disk.list(join(folder, 'none'), false)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a copy for libraries that open files themselves, with its write-ahead log', async () => {
  writeFileSync(join(folder, 'a.db'), 'main');
  writeFileSync(join(folder, 'a.db-wal'), 'log');
  const copy = await disk.localCopy(join(folder, 'a.db'));
  const texts = await Promise.all([copy.path, `${copy.path}-wal`].map(async (path) => {
    const { parts } = await localDisk().read(path, [{ offset: 0, length: 9 }]);
    return Buffer.from(parts[0] ?? []).toString();
  }));
  expect(texts).toEqual(['main', 'log']);
  copy.release();
  expect(await localDisk().stat([copy.path])).toMatchObject([{ code: 'ENOENT' }]);
});

test('a call that does not return is noticed, waited for, and the end of it too', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Opening a FIFO to copy it waits for a writer, as a call into a mount without a server waits for the server.
  const copying = disk.localCopy(pipe).then((copy) => copy.release(), () => {});
  const behind = disk.stat([folder]);
  expect(hangs).toEqual([]);
  for (const timer of [...timers]) timer();
  expect(hangs).toEqual([true]);
  const writer = await open(pipe, 'w');
  await writer.close();
  await copying;
  expect(await behind).toMatchObject([{ kind: 'folder' }]);
  expect(hangs).toEqual([true, false]);
});

test('closing while a call hangs fails that call at once', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const copying = disk.localCopy(pipe);
  for (const timer of [...timers]) timer();
  await disk.close();
  await expect(copying).rejects.toMatchObject({ code: 'EIO' });
  // Lets the worker go, if it came so far, or the process could not end; opened for both ways it waits for nobody.
  closeSync(openSync(pipe, constants.O_RDWR));
});
