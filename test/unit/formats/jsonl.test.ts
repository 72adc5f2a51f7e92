import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { parseJson } from '../../../main/service/formats/json.ts';
import { jsonl } from '../../../main/service/formats/jsonl.ts';
import { mmcv } from '../../../main/service/formats/mmengine.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { readAtOnce, readLive } from './reading.ts';
import { madeUp, readText, textFormatOf, valuesOf } from './text-reading.ts';

const WHERE = { path: 'run/metrics.jsonl', name: 'metrics.jsonl' };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readAtOnce(jsonl, encode(text), WHERE);

describe('parseJson', () => {
  it('reads what Python writes and JSON refuses, but not inside strings', () => {
    expect(parseJson('{"a": NaN, "b": [-Infinity, {"c": Infinity}], "d": "NaN, -Infinity \\" NaN", "e": true}')).toEqual({
      a: NaN,
      b: [-Infinity, { c: Infinity }],
      d: 'NaN, -Infinity " NaN',
      e: true
    });
  });

  it('reads what JSON.parse reads, also where a NaN stands beside it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJson(`[NaN,${text}]`))).toBe(`[null,${text}]`);
      })
    );
  });

  it.each(['{"a": NaN', '{"a" NaN}', '{"a": NaN,}', '[NaN 1]', 'NaN NaN', '{"a": NaN, "b": 01}', '{"a: NaN}', `${'['.repeat(5000)}NaN`])('refuses %s', (text) =>
    expect(() => parseJson(text)).toThrow(SyntaxError)
  );

  it('takes __proto__ for a key like any other', () => {
    const value = parseJson('{"__proto__": {"polluted": NaN}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('records', () => {
  it('joins nested keys, takes words for numbers, and leaves texts, lists and switches out', () => {
    const reading = read('{"step": 1, "loss": {"train": 0.5, "parts": [1, 2]}, "note": "x", "done": false, "acc": "NaN", "lr": null}\n{"step": 2, "loss": {"train": NaN}, "acc": "-Infinity"}\n');
    expect([...reading.series.keys()].sort()).toEqual([':acc', ':loss/train']);
    expect(valuesOf(reading, 'loss/train')).toEqual([0.5, NaN]);
    expect(valuesOf(reading, 'acc')).toEqual([NaN, -Infinity]);
  });

  it.each([
    ['step', '{"step": 7, "loss": 1}'],
    ['global_step', '{"global_step": 7, "loss": 1}'],
    ['trainer/global_step', '{"trainer/global_step": 7, "loss": 1}'],
    ['nested', '{"train": {"global_step": 7}, "loss": 1}'],
    ['Iteration', '{"Iteration": 7, "loss": 1}']
  ])('finds the step under %s', (_, line) => expect(read(`${line}\n`).series.get(':loss')?.points).toEqual([[7, NaN, NaN, 1]]));

  it('prefers step to iteration, and keeps the epoch and the wall time', () => {
    expect(read('{"iteration": 3, "step": 7, "epoch": 0.5, "ts": "2026-11-03T09:00:00Z", "loss": 1}\n').series.get(':loss')?.points).toEqual([
      [7, 0.5, Date.UTC(2026, 10, 3, 9) / 1000, 1]
    ]);
  });

  it('reads records that are one metric each', () => {
    const reading = read('{"name": "loss", "value": 0.5, "step": 1, "split": "train"}\n{"name": "loss", "value": 0.6, "step": 1, "split": "validation"}\n');
    expect(valuesOf(reading, 'loss', 'train')).toEqual([0.5]);
    expect(valuesOf(reading, 'loss', 'val')).toEqual([0.6]);
  });

  it('takes the last of repeated keys, also where one of them holds an object', () => {
    for (const repeated of ['"lr": 1, "lr": 2', '"lr": 1, "lr": {"head": 2}', '"lr": 1, "lr": {}', '"lr": {"head": 1}, "lr": 2']) {
      const last = JSON.stringify(JSON.parse(`{"step": 1, ${repeated}, "loss": 0.5}`));
      expect(read(`{"step": 1, ${repeated}, "loss": 0.5}\n`.repeat(80)).series).toEqual(read(`${last}\n`.repeat(80)).series);
    }
  });

  it('makes 10,000 series at most, and says so once', () => {
    const lines = Array.from({ length: 12_000 }, (_, at) => `{"step": ${at}, "key${at}": 1}\n`).join('');
    const reading = read(lines);
    expect(reading.series.size).toBe(10_000);
    expect(reading.problems).toHaveLength(1);
  });
});

describe('damage', () => {
  const HEAD = '{"step": 1, "loss": 0.5}\n';
  const TAIL = '{"step": 3, "loss": 0.25}\n';

  it.each([
    ['a cut line', '{"step": 2, "lo\n'],
    ['text', 'Killed\n'],
    ['zero bytes', `${'\u0000'.repeat(50)}\n`],
    ['a list', '[1, 2]\n'],
    ['a number', '17\n'],
    ['nesting without end', `${'{"a":'.repeat(20_000)}\n`]
  ])('isolates %s', (_, line) => {
    const reading = read(HEAD + line + TAIL);
    expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25]);
    expect(reading.problems.map((problem) => problem.offset)).toEqual([HEAD.length]);
  });

  it('keeps the whole record behind a torn one, also behind zero bytes', () => {
    for (const torn of ['{"step": 2, "loss": 0.3', '\u0000\u0000\u0000', '{"step": 2, "x": {"y']) {
      const reading = read(`${HEAD}${torn}${TAIL}`);
      expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25]);
      expect(reading.problems).toHaveLength(1);
    }
  });

  it('waits for the end of the last line, and takes it when the file has come to rest only if it is whole', () => {
    const reader = jsonl.open(WHERE);
    const half = encode(`${HEAD}{"step": 2, "loss": 0.`);
    expect(reader.read(half, 0, new Batch(), true)).toBe(HEAD.length);
    expect(jsonl.open(WHERE).read(encode(HEAD.trimEnd()), 0, new Batch(), true)).toBe(HEAD.length - 1);
  });
});

describe('mmcv', () => {
  it('counts on over the epochs by the iterations of the first, and places validation by its epoch', () => {
    const line = (mode: string, epoch: number, iter: number, loss: number): string => `{"mode": "${mode}", "epoch": ${epoch}, "iter": ${iter}, "lr": 0.1, "loss": ${loss}}\n`;
    const text = `{"env_info": "x", "config": "lr = 0.02\\nmodel = dict(type='A')", "seed": 3, "exp_name": "faster"}\n${line('train', 1, 50, 3)}${line('train', 1, 100, 2)}${line('val', 1, 7, 2.5)}${line('train', 2, 50, 1)}`;
    const reading = readText('20260101_000000.log.json', text);
    expect(reading.id).toBe('mmcv');
    expect(reading.series.get('train:loss')?.points).toEqual([
      [50, 1, NaN, 3],
      [100, 1, NaN, 2],
      [150, 2, NaN, 1]
    ]);
    expect(reading.series.get('val:loss')?.points).toEqual([[NaN, 1, NaN, 2.5]]);
    expect([...reading.config]).toEqual([['lr', 0.02], ['model/type', 'A'], ['seed', 3]]);
    const bytes = encode(text);
    expect(readLive(mmcv, bytes, WHERE, seeded(1), 30)).toEqual(readAtOnce(mmcv, bytes, WHERE));
  });
});

describe('what is a log of curves', () => {
  it.each([
    ['a data set', 'train.jsonl', '{"text": "hello", "label": 1}\n{"text": "bye", "label": 0}\n'],
    ['a chat data set', 'sft.jsonl', '{"prompt": "a", "completion": "b"}\n{"prompt": "c", "completion": "d"}\n'],
    ['a pretty-printed object', 'result.json', '{\n  "step": 1,\n  "loss": 2\n}\n'],
    ['package.json', 'package.json', '{"name": "x", "version": "1.0.0"}\n'],
    ['a tokenizer', 'tokenizer.json', '{"version": "1.0", "truncation": null}\n'],
    ['requests of a server', 'access.log', '{"status": 200, "path": "/"}\n{"status": 404, "path": "/x"}\n']
  ])('leaves %s alone', (_, name, text) => expect(textFormatOf(madeUp(name, text))).toBeNull());

  it.each([
    ['metrics.jsonl', '{"step": 1, "loss": 2}\n', 'jsonl'],
    ['log.json', '{"iter": 1, "loss": 2}\n{"iter": 2, "loss": 1}\n', 'jsonl'],
    ['metrics.json', '{"iteration": 1, "total_loss": 2}\n{"iteration": 2, "total_loss": 1}\n', 'detectron2'],
    ['trainer_log.jsonl', '{"current_steps": 1, "total_steps": 9, "loss": 2}\n', 'llama-factory'],
    ['progress.json', '{"time/total_timesteps": 2048, "train/loss": 2}\n', 'sb3-json']
  ])('takes %s', (name, text, id) => expect(textFormatOf(madeUp(name, text))?.id).toBe(id));
});

describe('keys that loops choose', () => {
  it.each(['iter_num', 'optimizer_step', 'batch_idx', 'i', 'it', 'globalStep'])('%s counts', (key) => {
    const reading = readText('metrics.jsonl', [0, 1, 2].map((at) => `{"${key}": ${at}, "loss": ${at / 2}}\n`).join(''));
    expect([...reading.series.values()].map(({ name, points }) => [name, points.map(([step]) => step)])).toEqual([['loss', [0, 1, 2]]]);
  });

  it.each(['partition', 'set', 'fold', 'event', 'kind'])('%s names the split', (key) => {
    const reading = readText('metrics.jsonl', `{"step": 1, "${key}": "train", "loss": 1}\n{"step": 1, "${key}": "eval", "loss": 2}\n`);
    expect([valuesOf(reading, 'loss', 'train'), valuesOf(reading, 'loss', 'val')]).toEqual([[1], [2]]);
  });

  it('the field that names a split wins over one that does not', () => {
    const reading = readText('metrics.jsonl', '{"step": 1, "split": "wiki", "phase": "val", "loss": 2}\n{"step": 2, "split": "wiki", "phase": "val", "loss": 1}\n');
    expect(valuesOf(reading, 'loss', 'val')).toEqual([2, 1]);
  });
});
