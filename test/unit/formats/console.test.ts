import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { consoleText, openGeneral } from '../../../main/service/formats/console/console.ts';
import { cleaned } from '../../../main/service/formats/console/lines.ts';
import { nanogpt } from '../../../main/service/formats/console/nanogpt.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { readAtOnce, readLive } from './reading.ts';
import { madeUp, readText, textFormatOf, valuesOf } from './text-reading.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const WHERE = { path: 'run/log.txt', name: 'log.txt' };
const nano = (at: number, loss: string | number): string => `iter ${at}: loss ${loss}, time 20.00ms, mfu 1.00%`;

describe('lines', () => {
  it.each([
    ['2026-11-03 09:00:02 | INFO | train_inner | text', 'text', 'train_inner', new Date(2026, 10, 3, 9, 0, 2).getTime() / 1000],
    ['2026-11-03 09:00:02,250 - mmdet - INFO - text', 'text', 'mmdet', new Date(2026, 10, 3, 9, 0, 2, 250).getTime() / 1000],
    ['2026/11/03 09:00:02 - mmengine - INFO - text', 'text', 'mmengine', new Date(2026, 10, 3, 9, 0, 2).getTime() / 1000],
    ['[2026-11-02 10:00:10.500] text', 'text', '', new Date(2026, 10, 2, 10, 0, 10, 500).getTime() / 1000],
    ['[11/02 10:00:00 d2.utils.events]:  text', 'text', 'd2.utils.events', NaN],
    ['I0101 12:00:00.000000 123 logging_writer.py:48] text', 'text', 'logging_writer.py', NaN],
    ['[rank0]: INFO:root: text', 'text', 'rank0', NaN],
    ['[titan] 2026-11-02 10:00:10,500 - root - INFO - text', 'text', 'titan', new Date(2026, 10, 2, 10, 0, 10, 500).getTime() / 1000],
    ['[2026-11-02 10:00:10,500][__main__][INFO] - text', 'text', '__main__', new Date(2026, 10, 2, 10, 0, 10, 500).getTime() / 1000],
    ['2026-11-02 10:00:10.500 | INFO     | __main__:fit:42 - text', 'text', '__main__', new Date(2026, 10, 2, 10, 0, 10, 500).getTime() / 1000],
    ['11/02/2026 10:00:10 - INFO - __main__ -   text', 'text', '__main__', NaN],
    ['(TrainWorker pid=123, ip=10.0.0.2) text', 'text', 'TrainWorker', NaN],
    ['[1,0]<stdout>: text', 'text', '', NaN],
    ['Nov 03 09:00:01 trainbox python[123]: text', 'text', 'python', NaN],
    ['epoch:3: text', 'epoch:3: text', '', NaN],
    ['\u001b[32m\u001b[1mtext\u001b[0m\u0007', 'text', '', NaN],
    ['\u001b]0;title\u0007text', 'text', '', NaN]
  ])('%j is cleaned', (raw, text, tag, time) => expect(cleaned(raw, true)).toEqual({ text, tag, time, final: true }));

  it.each([
    ['colours', `\u001b[32m${nano(0, 2)}\u001b[0m\n`],
    ['Windows line ends', `${nano(0, 2)}\r\n`],
    ['a rank before the line', `0: ${nano(0, 2)}\n`],
    ['a logger before the line', `2026-11-03 09:00:02 INFO ${nano(0, 2)}\n`],
    ['a bar drawn over', `\r 10%|#  | 1/10\r 20%|## | 2/10\r${nano(0, 2)}\n`]
  ])('reads through %s', (_, text) => expect(valuesOf(readText('train.log', text), 'loss')).toEqual([2]));

  it('reads UTF-16, as PowerShell writes it', () => {
    const text = `${nano(0, 2)}\r\n${nano(1, 1.5)}\r\n`;
    const bytes = new Uint8Array([0xff, 0xfe, ...[...text].flatMap((letter) => [letter.charCodeAt(0), 0])]);
    expect(textFormatOf({ ...madeUp('log.txt', ''), head: bytes, size: bytes.length })?.id).toBe('nanogpt');
    const whole = readAtOnce(nanogpt, bytes, WHERE);
    expect(valuesOf(whole, 'loss')).toEqual([2, 1.5]);
    expect(readLive(nanogpt, bytes, WHERE, seeded(4), 7)).toEqual(whole);
  });

  it('skips a line without end, and goes on behind it', () => {
    const bytes = encode(`${nano(0, 2)}\n${'x'.repeat(2_500_000)}\n${nano(1, 1)}\n`);
    for (const reading of [readAtOnce(nanogpt, bytes, WHERE), readLive(nanogpt, bytes, WHERE, seeded(1), 300_000)]) {
      expect(valuesOf(reading, 'loss')).toEqual([2, 1]);
      expect(reading.problems.map((problem) => problem.offset)).toEqual([nano(0, 2).length + 1]);
    }
  });

  it('does not take the last line before it is whole', () => {
    const reader = nanogpt.open(WHERE);
    const batch = new Batch();
    const text = `${nano(0, 2)}\niter 1: lo`;
    expect(reader.read(encode(text), 0, batch, true)).toBe(nano(0, 2).length + 1);
    expect(batch.pointCount).toBe(3);
  });
});

describe('values', () => {
  it('keeps what is not finite', () => {
    expect(valuesOf(readText('t.log', `${nano(0, 'nan')}\n${nano(1, 'inf')}\nstep 2: train loss nan, val loss 1.5\n`), 'loss')).toEqual([NaN, Infinity]);
  });

  it("marks nanoGPT's evaluation of the training set as a measurement", () => {
    const reading = readText('t.log', 'step 0: train loss 4.1, val loss 4.2\n');
    expect(reading.series.get('train:train loss')?.hints).toEqual({ split: 'train', meaning: 'evaluation' });
    expect(reading.series.get('val:val loss')?.points).toEqual([[0, NaN, NaN, 4.2]]);
  });

  it('takes the settings that nanoGPT prints', () => {
    const reading = readText('t.log', `Overriding config with config/x.py:\n# comment\nbatch_size = 12\nmax_iters = 5 # few\n\ndropout = 0.2\ntokens per iteration will be: 5\nOverriding: lr = 0.1\n${nano(0, 1)}\n`);
    expect([...reading.config]).toEqual([['batch_size', 12], ['max_iters', 5], ['dropout', 0.2], ['lr', 0.1]]);
    expect(reading.facts.get('planSteps')).toBe(5);
  });

  it("keeps Megatron's NaN, which is left out of its line", () => {
    const line = (at: number, loss: string, nan: number): string => ` iteration ${at}/ 30 | consumed samples: 3 | ${loss}loss scale: 1.0 | number of nan iterations: ${nan} |\n`;
    const reading = readText('slurm-1.out', line(10, 'lm loss: 2.5E+00 | ', 0) + line(20, '', 1) + line(30, 'lm loss: 2.0E+00 | ', 0));
    expect(valuesOf(reading, 'lm loss')).toEqual([2.5, NaN, 2]);
    expect(reading.facts.get('planSteps')).toBe(30);
  });

  it("tells the sets of XGBoost's scikit-learn interface apart where there are two", () => {
    const splits = (text: string): unknown[] => [...readText('t.log', text).series.values()].map((series) => series.hints.split);
    expect(splits('[0]\tvalidation_0-rmse:1.5\tvalidation_1-rmse:1.6\n')).toEqual(['train', 'val']);
    expect(splits('[0]\tvalidation_0-rmse:1.5\n')).toEqual(['val']);
  });

  it('reads cross-validation with its spread', () => {
    expect(valuesOf(readText('t.log', '[0]\ttrain-rmse:1.5+0.1\ttest-rmse:1.6+0.2\n'), 'test-rmse std')).toEqual([0.2]);
    expect(valuesOf(readText('t.log', "[1]\tcv_agg's valid l2: 0.5 + 0.03\n"), "cv_agg's valid l2")).toEqual([0.5]);
  });

  it('takes the numbers of the whole run as facts, not as points of a curve', () => {
    const reading = readText('t.log', "{'loss': 0.5, 'epoch': 1.0}\n{'train_runtime': 9.5, 'train_loss': 0.75, 'epoch': 1.0}\n");
    expect([...reading.series.values()].map(({ name, hints }) => [name, hints])).toEqual([['loss', { split: 'train', meaning: 'window-mean' }]]);
    expect(reading.facts.get('final/train_loss')).toBe(0.75);
  });
});

describe('pairs of any loop', () => {
  it('believe a shape from its third line on', () => {
    const line = (step: number): string => `step ${step}: loss ${step / 2}\n`;
    expect(textFormatOf(madeUp('log.txt', line(1) + line(2)))).toBeNull();
    expect(valuesOf(readText('log.txt', line(1) + line(2) + line(3)), 'loss')).toEqual([0.5, 1, 1.5]);
  });

  it.each([
    ['Epoch 1/10 - loss: 0.5 - acc: 0.25 - val_loss: 0.75', { loss: 0.5, acc: 0.25, val_loss: 0.75 }],
    ['epoch=1 train_loss=0.5 valid_loss=0.75 lr=1e-3', { train_loss: 0.5, valid_loss: 0.75, lr: 0.001 }],
    ['| Epoch: 1 | Train Loss: 0.500 | Train Acc: 25.0% | Val. Loss: 0.750 |', { 'Train Loss': 0.5, 'Train Acc': 25, 'Val. Loss': 0.75 }],
    ['Step [100/600], Loss: 0.5000', { Loss: 0.5 }],
    ['iter 100 (12.5%) loss 0.5, 1,234 tok/s', { loss: 0.5 }],
    ['[Epoch 1] generator loss: 0.5; discriminator loss: -0.25', { 'generator loss': 0.5, 'discriminator loss': -0.25 }]
  ])('read %j', (line, wanted) => {
    const reading = readText('log.txt', `${line}\n`.repeat(3));
    for (const [name, value] of Object.entries(wanted)) expect(valuesOf(reading, name), name).toEqual([value, value, value]);
  });

  it.each([
    ['a traceback', 'File "train.py", line 12, in step\n  loss = 3\n'],
    ['versions', 'torch 2.1.0 cuda 12.1 step build 5\n'],
    ['a server', '2026-01-01 10:00:00 INFO request 12 took 30 ms, status 200\n'],
    ['prose', 'In epoch 3 of the novel the loss was great.\n'],
    ['a date', 'Epoch 2026-01-01: score unknown\n']
  ])('leave %s alone', (_, line) => expect(textFormatOf(madeUp('app.log', line.repeat(10)))).toBeNull());
});

describe('long beginnings', () => {
  it('are read on in a log by its name, and the numbers behind them are found', () => {
    const text = `${'option_name = some_value and more\n'.repeat(4000)}${nano(0, 2)}\n`;
    const reading = readText('slurm-77.out', text);
    expect(reading.id).toBe('console');
    expect(valuesOf(reading, 'loss')).toEqual([2]);
  });

  it('are given up after 8 MiB without a number', () => {
    const reader = consoleText.open(WHERE);
    const batch = new Batch();
    const text = encode(`${'nothing of interest in here\n'.repeat(400_000)}`);
    expect(reader.read(text, 0, batch, false)).toBe(text.length);
    expect(batch.facts.has('notUnderstood')).toBe(true);
    expect(batch.pointCount).toBe(0);
  });

  it('do not keep a young log from being found later', () => {
    expect(textFormatOf(madeUp('train.log', 'Loading data ...\n'))).toBeNull();
    expect(textFormatOf(madeUp('train.log', `Loading data ...\n${nano(0, 2)}\n`))?.id).toBe('nanogpt');
  });
});

it('a reader of any dialect goes on where another stopped', () => {
  const dialect = openGeneral();
  const sink = new Batch();
  for (const text of ['Epoch 0/24', 'train Loss: 0.5', 'Epoch 1/24', 'train Loss: 0.25']) dialect.line({ text, tag: '', time: NaN, final: true }, sink);
  const later = openGeneral(JSON.parse(JSON.stringify(dialect.save?.())));
  later.line({ text: 'Epoch 2/24', tag: '', time: NaN, final: true }, sink);
  later.line({ text: 'train Loss: 0.125', tag: '', time: NaN, final: true }, sink);
  expect([...(sink.list[0]?.points.value.subarray(0, 3) ?? [])]).toEqual([0.5, 0.25, 0.125]);
  expect([...(sink.list[0]?.points.epoch.subarray(0, 3) ?? [])]).toEqual([0, 1, 2]);
});
