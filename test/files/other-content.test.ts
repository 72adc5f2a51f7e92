/** Real formats whose files become something else: another format under the same name, a table that is written anew with more columns. */
import {
  appendFileSync, chmodSync, closeSync, ftruncateSync, openSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync,
  writeSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as registry from '../../main/service/formats/registry.ts';
import { event, record, simple } from '../unit/formats/encode.ts';
import { logsOf } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
const { at, put, source } = logsOf(() => world);

beforeEach(async () => {
  world = await openWorld({ recognise: registry.recognise, formatById: registry.formatById });
});
afterEach(() => world.close());

/** Values of one series of a file, current generation. */
function series(path: string, name: string): number[] {
  const row = world.store.series(source(path).id).find((each) => each.name === name);
  return row ? [...world.store.points(row.id).value.subarray(0, row.count)] : [];
}

const CONSOLE = Array.from({ length: 30 }, (_, step) => `step ${step}: train loss ${(2 - step / 100).toFixed(4)}, val loss 2.5000\n`).join('');
const LINES = Array.from({ length: 10 }, (_, step) => `{"step": ${step}, "loss": ${step / 4}}\n`);

describe('another program writes its log under the same name', () => {
  test.each(['by renaming', 'in place', 'deleted and made again'])('%s: it is read as what it is, also after a restart', async (how) => {
    put('run/train.log', CONSOLE);
    await world.look();
    const before = source('run/train.log');
    expect(before.format).toBe('nanogpt');
    if (how === 'by renaming') {
      put('run/new.tmp', LINES.join(''));
      renameSync(at('run/new.tmp'), at('run/train.log'));
    } else put('run/train.log', LINES.join(''));
    await world.look();
    expect(source('run/train.log')).toMatchObject({ id: before.id, format: 'jsonl', generation: 1 });
    expect(series('run/train.log', 'loss')).toEqual(LINES.map((_, step) => step / 4));
    await world.restart();
    appendFileSync(at('run/train.log'), '{"step": 10, "loss": 2.5}\n');
    await world.look();
    expect(source('run/train.log').generation).toBe(1);
    expect(series('run/train.log', 'loss')).toEqual([...LINES.map((_, step) => step / 4), 2.5]);
    expect(world.store.problems()).toEqual([]);
  });

  test('written slowly after it was emptied: as soon as its format can be told', async () => {
    put('run/train.log', CONSOLE);
    await world.look();
    put('run/train.log', '');
    await world.look();
    for (const line of LINES) {
      for (const part of [line.slice(0, 5), line.slice(5)]) {
        appendFileSync(at('run/train.log'), part);
        await world.pass(1000);
      }
    }
    await world.look();
    expect(source('run/train.log').format).toBe('jsonl');
    expect(series('run/train.log', 'loss')).toEqual(LINES.map((_, step) => step / 4));
  });
});

describe("Lightning's table is written anew when a column comes late", () => {
  const rows = (from: number, to: number, columns: 2 | 3): string =>
    Array.from({ length: to - from }, (_, index) => `${from + index},0,${(from + index) / 8}${columns === 3 ? `,${from + index < 40 ? '' : 0.5}` : ''}\n`).join('');
  const BEFORE = `step,epoch,train_loss\n${rows(0, 40, 2)}`;
  const AFTER = `step,epoch,train_loss,val_loss\n${rows(0, 41, 3)}`;

  test.each([1, 7, 97, 350, 1000])('read after every %s bytes of it: each row once at the end, the old table kept and marked', async (piece) => {
    put('run/metrics.csv', BEFORE);
    await world.look();
    const file = openSync(at('run/metrics.csv'), 'r+');
    ftruncateSync(file, 0);
    for (let from = 0; from < AFTER.length; from += piece) {
      writeSync(file, AFTER.slice(from, from + piece), from);
      await world.pass(1000);
      // Never a row of one table under a column of the other, never a row twice.
      const seen = series('run/metrics.csv', 'train_loss');
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, step) => step / 8));
    }
    closeSync(file);
    appendFileSync(at('run/metrics.csv'), rows(41, 45, 3));
    await world.look();
    expect(series('run/metrics.csv', 'train_loss')).toEqual(Array.from({ length: 45 }, (_, step) => step / 8));
    expect(series('run/metrics.csv', 'val_loss')).toEqual(Array(5).fill(0.5));
    const { id, generation } = source('run/metrics.csv');
    expect(generation).toBe(1);
    expect(world.store.superseded(id).map((row) => row.count)).toContain(40);
  });
});

describe('a record is split at every byte', () => {
  const scalar = (step: number): string => Buffer.from(record(event(step, [simple('loss', step / 4)]))).toString('latin1');
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
  test.each([
    ['run/events.out.tfevents.1700000000.host', scalar(0) + scalar(1), scalar(2), scalar(3)],
    ['run/metrics.csv', 'step,loss\r\n0,0\r\n1,0.25\r\n', '2,0.5\r\n', '3,0.75\r\n'],
    ['run/log.jsonl', '{"step": 0, "loss": 0.0}\n{"step": 1, "loss": 0.25}\n', utf8('{"step": 2, "note": "größer 🚀", "loss": 0.5}\n'), '{"step": 3, "loss": 0.75}\n'],
    ['run/train.csv', utf8('\ufeffepoch;loss;größe\n0;0;1\n1;0.25;1\n'), '2;0.5;1\n', '3;0.75;1\n'],
  ])('%s: it waits, is there within a second of its last byte, and never twice', async (path, before, split, after) => {
    put(path, '');
    for (let cut = 1; cut < split.length; cut += 1) {
      writeFileSync(at(path), before, 'latin1');
      await world.pass(1000);
      expect(series(path, 'loss')).toEqual([0, 0.25]);
      appendFileSync(at(path), split.slice(0, cut), 'latin1');
      await world.pass(1000);
      expect(series(path, 'loss'), `cut at ${cut}`).toEqual([0, 0.25]);
      appendFileSync(at(path), split.slice(cut), 'latin1');
      await world.pass(1000);
      expect(series(path, 'loss'), `cut at ${cut}`).toEqual([0, 0.25, 0.5]);
      appendFileSync(at(path), after, 'latin1');
      await world.pass(1000);
      expect(series(path, 'loss'), `cut at ${cut}`).toEqual([0, 0.25, 0.5, 0.75]);
    }
    expect(world.store.problems()).toEqual([]);
  });
});

test('NaN, both infinities, 1e400, missing and steps beyond 2^53 stay apart from file to curve', async () => {
  put('run/log.jsonl', '{"step": 0, "loss": 0.5}\n{"step": 1, "loss": NaN}\n{"step": 2, "loss": Infinity}\n{"step": 3, "loss": -Infinity}\n{"step": 4, "loss": 1e400}\n{"step": 5}\n{"step": 6, "loss": null}\n{"step": 7, "loss": 0.25}\n');
  put('run/metrics.csv', 'step,train_loss,accuracy\n0,0.5,1\n1,nan,1\n2,inf,1\n3,-inf,1\n4,1e400,1\n5,,1\n9007199254740993,0.25,1\n');
  await world.look();
  for (const [path, name] of [['run/log.jsonl', 'loss'], ['run/metrics.csv', 'train_loss']] as const) {
    expect(series(path, name)).toEqual([0.5, NaN, Infinity, -Infinity, Infinity, 0.25]);
    const row = world.store.series(source(path).id).find((each) => each.name === name);
    const { x, nonFinite } = world.store.curve(row?.id ?? 0, { axis: 'step', pixels: 1000 });
    expect([...x]).toEqual([0, 1, 2, 3, 4, path.endsWith('csv') ? 2 ** 53 : 7]);
    expect(nonFinite).toEqual(['NaN', 'Infinity', '-Infinity', 'Infinity'].map((value, index) => ({ x: index + 1, value })));
  }
});

test('an edit in the middle that growth hid is found once the file is quiet', async () => {
  const lines = Array.from({ length: 2000 }, (_, step) => `{"step": ${step}, "loss": ${1000 + step}}\n`);
  put('run/log.jsonl', lines.slice(0, 1900).join(''));
  await world.look();
  const edited = readFileSync(at('run/log.jsonl'), 'latin1').replace('"loss": 1900}', '"loss": 9999}');
  writeFileSync(at('run/log.jsonl'), edited, { flag: 'r+' });
  appendFileSync(at('run/log.jsonl'), lines.slice(1900).join(''));
  await world.look();
  expect(series('run/log.jsonl', 'loss')).toHaveLength(2000);
  await world.pass(181_000);
  await world.pass(1000);
  const values = lines.map((_, step) => 1000 + step);
  values[900] = 9999;
  expect(series('run/log.jsonl', 'loss')).toEqual(values);
  const committed = world.events.length;
  for (let minute = 0; minute < 10; minute += 1) await world.pass(61_000);
  expect(world.events.slice(committed).filter((each) => each.kind === 'grew')).toEqual([]);
});

test('a broken snapshot is tried again when another file of the same size and time takes its place', async () => {
  put('run/trainer_state.json', '{"log_history": [{"step": 1, "loss": 0.5, "epoch": 1.0}], "x"');
  for (let turn = 0; turn < 5; turn += 1) await world.pass(4000);
  expect(world.tail.troubles()).toHaveLength(1);
  const { size, atime, mtime } = statSync(at('run/trainer_state.json'));
  const whole = '{"log_history": [{"step": 1, "loss": 0.5, "epoch": 1.0}]}';
  put('run/other.tmp', whole.padEnd(size));
  utimesSync(at('run/other.tmp'), atime, mtime);
  renameSync(at('run/other.tmp'), at('run/trainer_state.json'));
  await world.look();
  expect(world.tail.troubles()).toEqual([]);
  expect(series('run/trainer_state.json', 'loss')).toEqual([0.5]);
  chmodSync(at('run/trainer_state.json'), 0o600);
  await world.look();
  expect(series('run/trainer_state.json', 'loss')).toEqual([0.5]);
});
