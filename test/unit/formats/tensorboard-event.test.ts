import { describe, expect, it } from 'vitest';
import { tensorboard } from '../../../main/service/formats/tensorboard.ts';
import { double, event, field, float, integer, join, plugin, record, simple, tensor, varint } from './encode.ts';
import { readAtOnce, readLive, type Reading } from './reading.ts';
import { seeded } from '../../bench/generate-tfevents.ts';

const WHERE = { path: 'run/events.out.tfevents.1.host', name: 'events.out.tfevents.1.host' };

function read(...events: readonly Uint8Array[]): Reading {
  return readAtOnce(tensorboard, join(...events.map(record)), WHERE);
}

function points(reading: Reading, name: string): number[][] {
  return (reading.series.get(`:${name}`)?.points ?? []).map(([step, , , value]) => [step, value]);
}

function bytes(values: ArrayLike<number> & { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const SCALAR = join(plugin('scalars'), integer(4, 1));

describe('events', () => {
  it('takes step and wall time to their axes and invents no epoch', () => {
    const reading = read(event(12, [simple('loss', 0.5)], 1_700_000_000.25));
    expect(reading.series.get(':loss')?.points).toEqual([[12, NaN, 1_700_000_000.25, 0.5]]);
  });

  it('reads steps of every length, also negative ones and those beyond 32 bits', () => {
    const steps = [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1, -1, -300];
    const reading = read(...steps.map((step) => event(step, [simple('loss', 1)])));
    expect(points(reading, 'loss').map(([step]) => step)).toEqual(steps);
  });

  it('takes an event without a step as step 0', () => {
    expect(points(read(join(double(1, 1.7e9), field(5, field(1, simple('loss', 3))))), 'loss')).toEqual([[0, 3]]);
  });

  it('reads fields in any order, unknown fields between them and several values in one summary', () => {
    const summary = field(5, join(field(1, simple('a', 1)), field(99, 'x'), field(1, join(float(2, 2), field(1, 'b')))));
    const reading = read(join(field(6, 'log'), summary, integer(2, 7), field(200, 'new'), double(1, 1.7e9)));
    expect(points(reading, 'a')).toEqual([[7, 1]]);
    expect(points(reading, 'b')).toEqual([[7, 2]]);
  });

  it('keeps not-a-number, infinities and the smallest float', () => {
    const values = [NaN, Infinity, -Infinity, 1.401298464324817e-45, -0];
    const reading = read(...values.map((value, at) => event(at, [simple('loss', value)])));
    expect(points(reading, 'loss').map(([, value]) => value)).toEqual(values);
  });

  it('leaves out events whose time is NaN and says so', () => {
    const reading = read(event(1, [simple('loss', 1)], NaN), event(2, [simple('loss', 2)]));
    expect(points(reading, 'loss')).toEqual([[2, 2]]);
    expect(reading.problems).toEqual([{ offset: 0, text: expect.stringContaining('NaN') }]);
  });

  it('tells tags apart that differ in one character, however they follow one another', () => {
    const tags = ['loss/a', 'loss/b', 'loss', 'loss/aa', 'x', 'Loss/a', 'ééé', 'a'.repeat(110), 'a'.repeat(119), 'a'.repeat(130)];
    const random = seeded(3);
    const logged = Array.from({ length: 500 }, (_, step) => ({ step, tag: tags[Math.floor(random() * tags.length)] ?? '' }));
    const reading = read(...logged.map(({ step, tag }) => event(step, [simple(tag, step)])));
    for (const tag of tags) {
      expect(points(reading, tag)).toEqual(logged.filter((one) => one.tag === tag).map(({ step }) => [step, step]));
    }
  });

  it('reads the usual event and the same event with a field that makes it unusual alike', () => {
    const random = seeded(9);
    for (let round = 0; round < 300; round += 1) {
      const step = Math.floor(2 ** (random() * 52));
      const value = simple('t'.repeat(1 + Math.floor(random() * 130)), (random() - 0.5) * 2 ** (random() * 200 - 100));
      const usual = event(step, [value], 1.7e9 * random());
      const unusual = join(usual, field(99, 'x'));
      expect(read(unusual).series).toEqual(read(usual).series);
      expect(read(usual).series.size).toBe(1);
    }
  });

  it('names the value of a very old file by its node', () => {
    const value = join(field(7, 'node'), field(8, join(integer(1, 1), field(5, bytes(new Float32Array([2.5]))))));
    expect(points(read(event(1, [value])), 'node')).toEqual([[1, 2.5]]);
  });

  it('begins a segment where a session starts', () => {
    const start = join(double(1, 1.7e9), integer(2, 3), field(7, integer(1, 1)));
    const stop = join(double(1, 1.7e9), integer(2, 3), field(7, integer(1, 2)));
    const scalar = (step: number): Uint8Array => event(step, [simple('loss', step)]);
    const stream = [start, scalar(1), scalar(5), stop, scalar(6), start, scalar(3)].map(record);
    expect(readAtOnce(tensorboard, join(...stream), WHERE).series.get(':loss')?.restarts).toEqual([3]);
    expect(readLive(tensorboard, join(...stream), WHERE, seeded(1), 20).series.get(':loss')?.restarts).toEqual([3]);
  });
});

describe('tensors', () => {
  const content = (dtype: number, data: Uint8Array): Uint8Array => join(integer(1, dtype), field(2, new Uint8Array()), field(4, data));
  const listed = (dtype: number, number: number, data: Uint8Array): Uint8Array => join(integer(1, dtype), field(number, data));
  const kinds: [string, Uint8Array, number][] = [
    ['float content', content(1, bytes(new Float32Array([0.1]))), Math.fround(0.1)],
    ['float list', listed(1, 5, bytes(new Float32Array([0.2]))), Math.fround(0.2)],
    ['float list, not packed', join(integer(1, 1), float(5, 0.25)), 0.25],
    ['double content', content(2, bytes(new Float64Array([0.1]))), 0.1],
    ['double list', listed(2, 6, bytes(new Float64Array([1 / 3]))), 1 / 3],
    ['double list, not packed', join(integer(1, 2), double(6, 0.7)), 0.7],
    ['int32 content', content(3, bytes(new Int32Array([-5]))), -5],
    ['int32 list', listed(3, 7, varint(-7)), -7],
    ['int64 content', content(9, bytes(new BigInt64Array([-(2n ** 40n)]) as never)), -(2 ** 40)],
    ['int64 list, not packed', join(integer(1, 9), integer(10, 2n ** 50n)), 2 ** 50],
    ['half content', content(19, Uint8Array.from([0x00, 0x3e])), 1.5],
    ['half list', listed(19, 13, varint(0xc000)), -2],
    ['bfloat16 content', content(14, Uint8Array.from([0xc0, 0x3f])), 1.5],
    ['bfloat16 list', listed(14, 13, varint(0x4049)), 3.140625],
    ['all zeros', integer(1, 1), 0],
  ];

  it.each(kinds)('reads a scalar as %s', (_kind, data, value) => {
    expect(points(read(event(4, [tensor('m', data, SCALAR)])), 'm')).toEqual([[4, value]]);
  });

  it('remembers from the first value of a tag what it is, also after a restart of the service', () => {
    const one = content(1, bytes(new Float32Array([1])));
    const stream = join(
      ...[
        event(0, [tensor('pr', one, join(plugin('pr_curves'), integer(4, 2))), tensor('loss', one, SCALAR)]),
        ...[1, 2, 3].map((step) => event(step, [tensor('pr', one), tensor('loss', one)])),
      ].map(record),
    );
    for (const reading of [readAtOnce(tensorboard, stream, WHERE), readLive(tensorboard, stream, WHERE, seeded(5), 30)]) {
      expect([...reading.series.keys()]).toEqual([':loss']);
      expect(points(reading, 'loss')).toHaveLength(4);
    }
  });

  it('takes a single number without metadata as a scalar: its first value may stand in an earlier file of the run', () => {
    expect(points(read(event(9, [tensor('loss', content(1, bytes(new Float32Array([2]))))])), 'loss')).toEqual([[9, 2]]);
  });

  it('passes over vectors, texts, booleans and histograms', () => {
    const vector = join(integer(1, 1), field(2, field(2, integer(1, 3))), field(4, bytes(new Float32Array([1, 2, 3]))));
    const unknown = join(integer(1, 1), field(2, integer(3, 1)), field(4, bytes(new Float32Array([1]))));
    const text = join(integer(1, 7), field(8, 'hello'));
    const reading = read(
      event(1, [tensor('v', vector, SCALAR), tensor('u', unknown, SCALAR)]),
      event(1, [tensor('t', text, plugin('text')), tensor('b', integer(1, 10), SCALAR)]),
      event(1, [join(field(1, 'h'), field(5, 'histogram')), join(field(1, 'i'), field(4, 'image'))]),
    );
    expect(reading.series.size).toBe(0);
    expect(reading.problems).toEqual([]);
  });
});

describe('hyper-parameters', () => {
  const entry = (key: string, value: Uint8Array): Uint8Array => field(1, join(field(1, key), field(2, value)));
  const hparams = (content: Uint8Array): Uint8Array =>
    event(0, [join(field(1, '_hparams_/session_start_info'), field(9, plugin('hparams', content)))]);

  it('reads every type of value, nested ones flattened', () => {
    const struct = field(1, join(field(1, 'warmup'), field(2, double(2, 10))));
    const list = join(field(1, double(2, 1)), field(1, field(3, 'b')));
    const start = join(
      entry('lr', double(2, 0.1)),
      entry('opt', field(3, 'adam')),
      entry('nesterov', integer(4, 1)),
      entry('none', integer(1, 0)),
      entry('nested', field(5, struct)),
      entry('list', field(6, list)),
    );
    expect(Object.fromEntries(read(hparams(field(3, start))).config)).toEqual({
      lr: 0.1,
      opt: 'adam',
      nesterov: true,
      none: null,
      'nested/warmup': 10,
      list: [1, 'b'],
    });
  });

  it('survives values nested without end', () => {
    let value = double(2, 1);
    for (let depth = 0; depth < 5000; depth += 1) value = field(6, field(1, value));
    expect(read(hparams(field(3, entry('deep', value)))).config.has('deep')).toBe(true);
  });

  it('takes an end without a time for what it is: written together with the start', () => {
    const end = (info: Uint8Array): Uint8Array => {
      return event(0, [join(field(1, '_hparams_/session_end_info'), field(9, plugin('hparams', field(4, info))))]);
    };
    expect(read(end(integer(1, 1))).state).toBe(null);
    expect(read(end(join(integer(1, 1), double(2, 1.7e9)))).state).toBe('finished');
    expect(read(end(join(integer(1, 2), double(2, 1.7e9)))).state).toBe('failed');
  });

  it('reads the JSON texts of the Hugging Face Trainer, hides secrets and leaves other texts alone', () => {
    const text = (tag: string, value: string): Uint8Array => tensor(tag, join(integer(1, 7), field(8, value)), plugin('text'));
    const reading = read(
      event(0, [
        text('args/text_summary', '{"learning_rate": 5e-05, "label_smoothing_factor": NaN, "fsdp_config": {"min": 1}}'),
        text('args/text_summary', '{"hub_token": "hf_0123456789abcdef"}'),
        text('model_config/text_summary', '{"hidden_dropout_prob": 0.1}'),
        text('note/text_summary', '{"a": 1}'),
        text('args/text_summary', 'no json'),
      ]),
    );
    expect(Object.fromEntries(reading.config)).toEqual({
      learning_rate: 5e-5,
      label_smoothing_factor: 'NaN',
      hub_token: '(hidden)',
      'fsdp_config/min': 1,
      'model_config/hidden_dropout_prob': 0.1,
    });
  });
});

describe('detection', () => {
  const probe = (name: string, head = new Uint8Array(64)): Parameters<typeof tensorboard.detect>[0] => {
    return { path: `run/${name}`, name, head, size: head.length, siblings: new Set() };
  };

  it('goes by the name, as TensorBoard does', () => {
    const names = ['events.out.tfevents.1795351004.host.1.0', 'events.out.tfevents.1795351017.host.1.0.v2', 'x.tfevents.1.profile-empty'];
    for (const name of names) expect(tensorboard.detect(probe(name))).toBe(true);
    expect(tensorboard.detect(probe('events.out.tfevents.1.host', new Uint8Array()))).toBe(true);
    expect(tensorboard.detect(probe('metrics.csv'))).toBe(false);
    expect(tensorboard.detect(probe('tfevents-notes.txt'))).toBe(false);
  });
});
