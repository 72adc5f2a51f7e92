/** Folders that lie in one another: what is in two of them is one run, listed and told of once. */
import { appendFileSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eachInScratch, open, scratch, type Served } from './served.ts';

eachInScratch();

function writeRun(folder: string): string {
  const log = join(scratch, 'runs', folder, 'metrics.jsonl');
  mkdirSync(join(log, '..'), { recursive: true });
  writeFileSync(log, '{"step": 0, "loss": 1}\n{"step": 1, "loss": 0.5}\n');
  return log;
}

/** The runs by root and folder, once all roots have been read and it is those. */
async function listed({ ask, eventually }: Served, runs: readonly string[]): Promise<void> {
  let found: string[] = [];
  await eventually(async () => {
    const overview = await ask('overview');
    found = overview.runs.map(({ key }) => key).sort();
    const isRead = overview.roots.every(({ state }) => state === 'ok');
    return isRead && found.join() === [...runs].sort().join() ? true : null;
  });
  expect(found).toEqual([...runs].sort());
}

test('a folder in one that is followed stays with that', async () => {
  writeRun('all/a');
  const app = open();
  const all = await app.ask('addFolder', join(scratch, 'runs', 'all'));
  const inner = await app.ask('addFolder', join(scratch, 'runs', 'all', 'a'));
  expect(inner).toMatchObject({ id: all.id, path: realpathSync(join(scratch, 'runs', 'all')) });
  await listed(app, [`${all.id}:a`]);
});

test('a folder that one around it leaves out, and one whose name only begins alike, are followed', async () => {
  writeRun('all/.cache/a');
  writeRun('all-of-it/b');
  const app = open();
  const all = await app.ask('addFolder', join(scratch, 'runs', 'all'));
  const left = await app.ask('addFolder', join(scratch, 'runs', 'all', '.cache'));
  const other = await app.ask('addFolder', join(scratch, 'runs', 'all-of-it'));
  expect(new Set([all.id, left.id, other.id]).size).toBe(3);
  await listed(app, [`${left.id}:a`, `${other.id}:b`]);
});

test('of a folder around one that is followed all else is read, and the rest when that is followed no more; also after a restart', async () => {
  const log = writeRun('all/a/x');
  writeRun('all/b');
  let app = open();
  const inner = await app.ask('addFolder', join(scratch, 'runs', 'all', 'a'));
  await listed(app, [`${inner.id}:x`]);
  const all = await app.ask('addFolder', join(scratch, 'runs', 'all'));
  await listed(app, [`${inner.id}:x`, `${all.id}:b`]);
  appendFileSync(log, '{"step": 2, "loss": 0.25}\n');
  await app.eventually(async () => ((await app.ask('overview')).runs.some(({ points }) => points === 3) ? true : null));
  await app.close();

  app = open();
  await listed(app, [`${inner.id}:x`, `${all.id}:b`]);
  await app.ask('removeFolder', inner.id);
  await listed(app, [`${all.id}:a/x`, `${all.id}:b`]);
});
