import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { csv } from '../../../main/service/formats/csv-generic.ts';
import { lightningCsv } from '../../../main/service/formats/lightning-csv.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { readAtOnce, readLive } from './reading.ts';
import { madeUp, readText, textFormatOf, valuesOf } from './text-reading.ts';

const WHERE = { path: 'run/log.csv', name: 'log.csv' };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const pointsOf = (text: string) => readAtOnce(csv, encode(text), WHERE);

describe('cells', () => {
  it('reads numbers in every dress: padded, quoted, with a percent sign, not finite, and leaves out what is no value', () => {
    const reading = pointsOf('step,a,b\n1,0.5,"0.25"\n2,   3 , 95%\n3,nan,inf\n4,NA,None\n5,,-inf\n6,N/A,1e-3\n');
    expect(valuesOf(reading, 'a')).toEqual([0.5, 3, NaN]);
    expect(valuesOf(reading, 'b')).toEqual([0.25, 95, Infinity, -Infinity, 0.001]);
    expect(reading.problems).toEqual([]);
  });

  it('reads line ends of Windows, a byte order mark, padded headers, blank lines and other separators', () => {
    for (const separator of [',', ';', '\t']) {
      const text = `\ufeff  step ,  loss \n1,0.5\n\n2,0.25\n`.replaceAll(',', separator).replaceAll('\n', '\r\n');
      expect(valuesOf(pointsOf(text), 'loss'), separator).toEqual([0.5, 0.25]);
    }
  });

  it('reads decimal commas between semicolons, and takes a bar or a blank as separator where words stand between them', () => {
    expect(valuesOf(pointsOf('step;loss\n1;0,5\n2;-1,25e-1\n'), 'loss')).toEqual([0.5, -0.125]);
    for (const separator of ['|', ' ']) expect(valuesOf(readText('log.csv', `epoch,loss,val_loss\n0,0.5,0.75\n1,0.25,0.5\n`.replaceAll(',', separator)), 'val_loss')).toEqual([0.75, 0.5]);
  });

  it('reads quoted cells with separators, quotes and newlines in them', () => {
    const reading = pointsOf('step,note,loss\n1,"a, ""b""\nand more",0.5\n2,"",0.25\n3,"plain",0.125\n');
    expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25, 0.125]);
    expect(reading.series.size).toBe(1);
  });

  it('takes a wall time in seconds, milliseconds and ISO 8601, and a small number as a duration', () => {
    expect([...pointsOf('step,time,loss\n1,1700000000.5,1\n').series.values()].map((series) => series.points)).toEqual([[[1, NaN, 1700000000.5, 1]]]);
    expect(pointsOf('step,timestamp,loss\n1,1700000000500,1\n').series.get(':loss')?.points[0]?.[2]).toBe(1700000000.5);
    expect(pointsOf('step,date,loss\n1,2026-11-03T09:00:00Z,1\n').series.get(':loss')?.points[0]?.[2]).toBe(Date.UTC(2026, 10, 3, 9) / 1000);
    expect(valuesOf(pointsOf('step,time,loss\n1,12.5,1\n'), 'time')).toEqual([12.5]);
  });
});

describe('damage', () => {
  const HEAD = 'step,loss,acc\n1,0.5,0.1\n';
  const TAIL = '3,0.25,0.3\n';
  const around = (line: string) => pointsOf(HEAD + line + TAIL);

  it.each([
    ['a row with more cells than the header, as a torn write leaves it', '2,0.32,0.4,0.2\n'],
    ['a row with zero bytes', '2,0.\u0000\u0000\u0000,0.2\n'],
    ['a row of text', 'Traceback (most recent call last):\n'],
    ['a quote that is never closed', '"2,0.4,0.2\n'],
    ['a line of zero bytes', `${'\u0000'.repeat(300)}\n`]
  ])('isolates %s', (_, line) => {
    const reading = around(line);
    expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25]);
    expect(reading.problems).toHaveLength(1);
    expect(reading.problems[0]?.offset).toBe(HEAD.length);
  });

  it('leaves out only the cell that is damaged', () => {
    const reading = around('2,0.3x7,0.2\n');
    expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25]);
    expect(valuesOf(reading, 'acc')).toEqual([0.1, 0.2, 0.3]);
    expect(reading.problems.map((problem) => problem.text)).toEqual(["'0.3x7' in column 'loss' is not a number: the cell was left out."]);
  });

  it('takes what a short row has', () => {
    const reading = around('2,0.4\n');
    expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.4, 0.25]);
    expect(valuesOf(reading, 'acc')).toEqual([0.1, 0.3]);
    expect(reading.problems).toEqual([]);
  });

  it('skips a line over 1 MiB without keeping it, and goes on behind it', () => {
    const bytes = encode(`${HEAD}2,${'9'.repeat(3_000_000)}\n${TAIL}`);
    for (const reading of [readAtOnce(csv, bytes, WHERE), readLive(csv, bytes, WHERE, seeded(5), 400_000)]) {
      expect(valuesOf(reading, 'loss')).toEqual([0.5, 0.25]);
      expect(reading.problems).toEqual([{ offset: HEAD.length, text: 'A line longer than 1 MiB was skipped.' }]);
    }
  });

  it('keeps 10,000 of 100,000 columns, and says so', () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `c${at}`);
    const text = `step,${names.join(',')}\n1,${names.map((_, at) => at).join(',')}\n`;
    const reading = pointsOf(text);
    expect(reading.series.size).toBe(9_999);
    expect(valuesOf(reading, 'c9998')).toEqual([9998]);
    expect(reading.problems.map((problem) => problem.text)).toEqual(['More than 10000 columns: the rest is left out.']);
  });

  it('tells columns of the same name apart', () => {
    const reading = pointsOf('step,loss,loss\n1,0.5,0.25\n');
    expect([...reading.series.keys()]).toEqual([':loss', ':loss (2)']);
  });
});

describe('headers', () => {
  it('takes a repeated header as a new start of the writer', () => {
    const reading = pointsOf('epoch,loss,acc\n0,1,2\n1,0.5,3\nepoch,loss,acc\n0,0.9,2\n');
    expect(valuesOf(reading, 'loss')).toEqual([1, 0.5, 0.9]);
    expect(reading.series.get(':loss')?.restarts).toEqual([2]);
  });

  it('goes on with another header in the middle', () => {
    const reading = pointsOf('step,loss\n1,1\nstep,acc,lr,loss\n2,0.3,0.1,0.5\n');
    expect(valuesOf(reading, 'loss')).toEqual([1, 0.5]);
    expect(valuesOf(reading, 'acc')).toEqual([0.3]);
    expect(reading.problems).toEqual([]);
  });

  it('begins anew when a file that was rewritten with another header is read from its start', () => {
    const reader = lightningCsv.open({ path: 'metrics.csv', name: 'metrics.csv' });
    reader.read(encode('step,train_loss\n0,1\n'), 0, new Batch(), false);
    const later = lightningCsv.open({ path: 'metrics.csv', name: 'metrics.csv' }, JSON.parse(JSON.stringify(reader.save())));
    const batch = new Batch();
    later.read(encode('acc,step,train_loss\n,0,1\n0.5,1,0.9\n'), 0, batch, false);
    expect(batch.list.map(({ name, points }) => [name, ...points.value.subarray(0, points.length)])).toEqual([
      ['train_loss', 1, 0.9],
      ['acc', 0.5]
    ]);
  });

  it('does not take numbers for a header when the header is lost', () => {
    const reading = pointsOf('0,1,2\n1,1,2\nstep,loss,acc\n2,0.5,3\n');
    expect([...reading.series.keys()]).toEqual([':loss', ':acc']);
    expect(reading.problems.map((problem) => problem.offset)).toEqual([0, 6]);
  });

  it('reads tables that hold one metric a row', () => {
    const reading = pointsOf('step,metric,value\n1,train/loss,0.5\n1,val/loss,0.6\n2,train/loss,0.4\n');
    expect(valuesOf(reading, 'train/loss')).toEqual([0.5, 0.4]);
    expect(valuesOf(reading, 'val/loss')).toEqual([0.6]);
  });

  it('reads a split column', () => {
    const reading = pointsOf('epoch,phase,loss\n1,train,0.5\n1,val,0.6\n2,train,0.4\n');
    expect(valuesOf(reading, 'loss', 'train')).toEqual([0.5, 0.4]);
    expect(valuesOf(reading, 'loss', 'val')).toEqual([0.6]);
  });

  it('counts on where the batch starts again with each epoch, and leaves a global step alone', () => {
    const steps = (text: string): number[] => pointsOf(text).series.get(':loss')?.points.map(([step]) => step) ?? [];
    expect(steps('epoch,batch,loss\n0,50,1\n0,100,1\n1,50,1\n1,100,1\n2,50,1\n')).toEqual([50, 100, 150, 200, 250]);
    expect(steps('epoch,step,loss\n0,50,1\n0,100,1\n1,150,1\n1,200,1\n')).toEqual([50, 100, 150, 200]);
    expect(steps('epoch,step,loss\n0,50,1\n1,100,1\n0,50,1\n1,100,1\n')).toEqual([50, 100, 50, 100]);
  });
});

describe('what is a log of curves', () => {
  it.each([
    ['pandas history', 'history.csv', ',loss,val_loss\n0,1,2\n1,0.5,1\n', 'keras-csv'],
    ['own loop', 'log.csv', 'Epoch,Train Loss,Val Loss\n1,1,2\n', 'csv'],
    ['steps', 'anything.csv', 'iteration,loss_g,loss_d\n1,1,2\n', 'csv'],
    ['Stable-Baselines3', 'progress.csv', 'rollout/ep_rew_mean,time/iterations,time/total_timesteps\n1,1,2048\n', 'sb3-csv']
  ])('takes the table of %s', (_, name, text, id) => expect(textFormatOf(madeUp(name, text))?.id).toBe(id));

  it.each([
    ['a data set', 'iris.csv', 'sepal_length,sepal_width,species\n5.1,3.5,setosa\n'],
    ['predictions', 'predictions.csv', 'id,label,score\n1,0,0.5\n2,1,0.7\n'],
    ['texts', 'train.csv', 'text,label\nhello world,1\nbye,0\n'],
    ['requirements', 'requirements.txt', 'numpy==1.26\ntorch==2.1\n'],
    ['prose', 'notes.txt', 'Dear reader, this is a step, and an epoch.\nIt is not a log, or is it?\n'],
    ['results without a place', 'benchmark.csv', 'model,accuracy,params\nresnet,0.7,25\n'],
    ['a markdown table', 'README.md', '| step, | loss |\n1,2\n']
  ])('leaves %s alone', (_, name, text) => expect(textFormatOf(madeUp(name, text))).toBeNull());
});

it('gives the same rows as splitting lines at the separator would, for any table and any cut', () => {
  const cell = fc.oneof(fc.double().map(String), fc.constantFrom('', 'NA', 'nan', '-inf', '  0.5'), fc.integer().map(String));
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 30 });
  fc.assert(
    fc.property(table, fc.boolean(), fc.nat(), (rows, windows, seed) => {
      const text = `step,a,b${windows ? '\r' : ''}\n${rows.map((row, at) => `${at},${row.join(',')}${windows ? '\r' : ''}\n`).join('')}`;
      const reading = pointsOf(text);
      for (const [column, name] of [[0, 'a'], [1, 'b']] as const) {
        const wanted = rows.flatMap((row, at) => {
          const plain = (row[column] ?? '').trim();
          return plain === '' || plain === 'NA' ? [] : [[at, Number(plain.replace('inf', 'Infinity').replace(/^nan$/, 'NaN'))]];
        });
        expect(reading.series.get(`:${name}`)?.points.map(([step, , , value]) => [step, value]) ?? []).toEqual(wanted);
      }
      expect(readLive(csv, encode(text), WHERE, seeded(seed), 40)).toEqual(reading);
    }),
    { numRuns: 200 }
  );
});

it('reads a wide table of numbers that are printed with 17 digits exactly', () => {
  const values = Array.from({ length: 300 }, (_, at) => Math.fround(Math.sin(at) / (at + 1)));
  const reading = readText('metrics.csv', `step,epoch,train_loss\n${values.map((value, at) => `${at},0,${value}\n`).join('')}`);
  expect(reading.id).toBe('lightning-csv');
  expect(valuesOf(reading, 'train_loss')).toEqual(values);
});
