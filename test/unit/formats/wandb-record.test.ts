import { describe, expect, it } from 'vitest';
import { wandb } from '../../../main/service/formats/wandb.ts';
import { Batch } from '../../../main/service/formats/batch.ts';
import { wandbMetadata } from '../../../main/service/formats/wandb-config.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { blockFile, field, history, integer, join, WANDB_HEADER } from './encode.ts';
import { readAtOnce, readLive, type Reading } from './reading.ts';

const WHERE = { path: 'wandb/run-20260101_000000-abc/run-abc.wandb', name: 'run-abc.wandb' };

function read(...records: readonly Uint8Array[]): Reading {
  const { bytes } = blockFile(WANDB_HEADER, records);
  const once = readAtOnce(wandb, bytes, WHERE);
  const live = readLive(wandb, bytes, WHERE, seeded(bytes.length), 60);
  live.facts.delete('note');
  expect(live).toEqual(once);
  expect(once.done).toBe(bytes.length);
  return once;
}

function points(reading: Reading, name: string): number[][] {
  return [...(reading.series.get(`:${name}`)?.points ?? [])];
}

describe('history', () => {
  it('takes step and time from the record, and numbers only', () => {
    const own = { _timestamp: '1.7e9', _runtime: '3', _step: '99' };
    const others = { s: '"x"', b: 'true', n: 'null', l: '[1,2]', img: '{"_type":"image","width":3}' };
    const reading = read(history(7, { loss: '0.5', ...own, ...others }));
    expect([...reading.series.keys()]).toEqual([':loss']);
    expect(points(reading, 'loss')).toEqual([[7, NaN, 1.7e9, 0.5]]);
  });

  it('takes the step from an item where the record has none', () => {
    expect(points(read(history(null, { loss: '1', _step: '4' })), 'loss')).toEqual([[4, NaN, NaN, 1]]);
  });

  it('reads NaN and infinities, bare and quoted', () => {
    const values = ['NaN', '"NaN"', 'Infinity', '"Infinity"', '-Infinity', '"-Infinity"', '-0.25', '1e-8'];
    const reading = read(...values.map((json, step) => history(step, { loss: json })));
    expect(points(reading, 'loss').map((point) => point[3])).toEqual([NaN, NaN, Infinity, Infinity, -Infinity, -Infinity, -0.25, 1e-8]);
  });

  it('joins nested keys and dictionaries with "/"', () => {
    const reading = read(history(1, { 'train/loss': '1' }, true), history(2, { opt: '{"lr": 0.1, "m": {"b1": 0.9}}' }));
    expect([...reading.series.values()].map(({ name }) => name)).toEqual(['train/loss', 'opt/lr', 'opt/m/b1']);
  });

  it('says nothing about a value that is no JSON', () => {
    expect(read(history(1, { a: '{', b: '2' })).series.size).toBe(1);
  });
});

describe('a step metric', () => {
  const metric = (name: string, axis: string, glob = false): Uint8Array => field(12, join(field(glob ? 2 : 1, name), field(4, axis)));

  it('is the step of the metrics that it was defined for', () => {
    const reading = read(
      metric('*', 'train/global_step', true),
      metric('own', 'own_step'),
      history(0, { 'train/global_step': '10', own_step: '3', own: '1', loss: '2' }),
      history(1, { 'train/global_step': '20', loss: '3' }),
    );
    expect(points(reading, 'loss').map(([step]) => step)).toEqual([10, 20]);
    expect(points(reading, 'own').map(([step]) => step)).toEqual([3]);
  });

  it('keeps its last value for rows that do not repeat it, as wandb does', () => {
    const rows = [history(0, { gs: '5', loss: '1' }), history(1, { 'eval/loss': '2' }), history(2, { loss: '3' })];
    const reading = read(metric('eval/*', 'gs', true), ...rows);
    expect(points(reading, 'eval/loss').map(([step]) => step)).toEqual([5]);
    expect(points(reading, 'loss').map(([step]) => step)).toEqual([0, 2]);
  });

  it('that counts epochs is no step and stays a series of its own', () => {
    const reading = read(metric('val/loss', 'epoch'), history(40, { epoch: '2', 'val/loss': '0.5' }));
    expect(points(reading, 'val/loss')).toEqual([[40, NaN, NaN, 0.5]]);
    expect(points(reading, 'epoch')).toEqual([[40, NaN, NaN, 2]]);
  });
});

describe('records around the history', () => {
  const item = (key: string, json: string): Uint8Array => field(1, join(field(1, key), field(16, json)));

  it('gives configuration, late changes included, without wandb\'s own', () => {
    const config = join(item('lr', '0.1'), item('_wandb', '{"v":1}'), item('m', '{"w":[1,2]}'));
    const run = field(17, join(field(1, 'abc'), field(3, 'demo'), field(4, config), field(8, 'calm')));
    const reading = read(run, field(5, item('lr', '0.2')));
    expect(Object.fromEntries(reading.config)).toEqual({ lr: 0.2, 'm/w': [1, 2] });
    expect(Object.fromEntries(reading.facts)).toEqual({ runId: 'abc', project: 'demo', name: 'calm' });
    expect(reading.state).toBe(null);
  });

  it('gives the command line apart from the configuration, from the log and from the file beside it', () => {
    const options = ['--lr', '0.1', '--label-smoothing=0.05', '--amp', '-b', '32', '--wd', '-1e-4', '--name', 'a b'];
    const args = [...options, 'model.dropout=0.2', 'data/train', '--resume'];
    const found = {
      'command_line/lr': 0.1,
      'command_line/label-smoothing': 0.05,
      'command_line/amp': true,
      'command_line/b': 32,
      'command_line/wd': -1e-4,
      'command_line/name': 'a b',
      'command_line/model.dropout': 0.2,
      'command_line/resume': true,
    };
    const reading = read(field(26, join(...args.map((arg) => field(5, arg)), field(6, 'train.py'))));
    expect(Object.fromEntries(reading.config)).toEqual(found);
    expect(reading.facts.get('program')).toBe('train.py');
    const batch = new Batch();
    const name = 'wandb-metadata.json';
    wandbMetadata.parse(Buffer.from(JSON.stringify({ program: 'train.py', args })), batch, { path: name, name });
    expect(Object.fromEntries(batch.configs)).toEqual(found);
  });

  it('gives the state at the exit', () => {
    expect(read(field(18, new Uint8Array())).state).toBe('finished');
    expect(read(field(18, integer(1, 1))).state).toBe('failed');
    expect(read(field(18, integer(1, 255))).state).toBe('failed');
  });

  it('gives samples of the machine as series over time, with their units', () => {
    const time = field(2, join(integer(1, 1_700_000_000), integer(2, 500_000_000)));
    const sample = (key: string, json: string): Uint8Array => field(3, join(field(1, key), field(16, json)));
    const gpu = { gpu: '97', temp: '61', powerWatts: '410.5', memoryAllocatedBytes: '1e9' };
    const samples = Object.entries(gpu).map(([key, json]) => sample(`gpu.0.${key}`, json));
    samples.push(sample('cpu', '4'), sample('_x', '1'), sample('bad', '{}'));
    const reading = read(field(7, join(time, ...samples)));
    expect([...reading.series.values()].map(({ name, hints, points: [point] }) => [name, hints.unit, point])).toEqual([
      ['system/gpu.0.gpu', '%', [NaN, NaN, 1_700_000_000.5, 97]],
      ['system/gpu.0.temp', '°C', [NaN, NaN, 1_700_000_000.5, 61]],
      ['system/gpu.0.powerWatts', 'W', [NaN, NaN, 1_700_000_000.5, 410.5]],
      ['system/gpu.0.memoryAllocatedBytes', 'B', [NaN, NaN, 1_700_000_000.5, 1e9]],
      ['system/cpu', '%', [NaN, NaN, 1_700_000_000.5, 4]],
    ]);
  });
});

describe('detection', () => {
  it('looks at the name and the header', () => {
    const probe = (name: string, head: readonly number[]): boolean => {
      return wandb.detect({ path: name, name, head: Uint8Array.from(head), size: head.length, siblings: new Set() });
    };
    expect(probe('run-a.wandb', WANDB_HEADER)).toBe(true);
    expect(probe('run-a.wandb', [0x3a, 0x53, 0x57, 0x4c, 0xd6, 0xe1, 2])).toBe(false);
    expect(probe('run-a.wandb', [])).toBe(false);
    expect(probe('run-a.bin', WANDB_HEADER)).toBe(false);
  });
});

describe('a young run', () => {
  it('is said to be buffered by wandb until its first block arrives', () => {
    expect(readAtOnce(wandb, Uint8Array.from(WANDB_HEADER), WHERE).facts.get('note')).toBe('buffered by wandb');
    const { bytes } = blockFile(WANDB_HEADER, [history(1, { loss: '1' })]);
    const live = readLive(wandb, bytes, WHERE, () => 0, 1);
    expect(live.facts.get('note')).toBe('');
    expect(readAtOnce(wandb, bytes, WHERE).facts.has('note')).toBe(false);
  });
});
