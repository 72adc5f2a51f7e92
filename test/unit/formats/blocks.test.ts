import { describe, expect, it } from 'vitest';
import { wandb } from '../../../main/service/formats/wandb.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { blockFile, field, history, join, WANDB_HEADER } from './encode.ts';
import { readAtOnce, readLive, type Reading } from './reading.ts';

const WHERE = { path: 'run-abc.wandb', name: 'run-abc.wandb' };
const BLOCK = 32768;

/** A history record that fills `size` bytes with a note. */
function row(step: number, size = 0): Uint8Array {
  return join(history(step, { loss: String(step) }), field(99, 'n'.repeat(size)));
}

function steps(reading: Reading): number[] {
  return (reading.series.get(':loss')?.points ?? []).map(([step]) => step);
}

function readBoth(bytes: Uint8Array): Reading {
  const once = readAtOnce(wandb, bytes, WHERE);
  const live = readLive(wandb, bytes, WHERE, seeded(bytes.length), 20_000);
  live.facts.delete('note');
  expect({ ...live, done: 0, problems: [] }).toEqual({ ...once, done: 0, problems: [] });
  return once;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe('records and blocks', () => {
  it('are read whatever room is left at the end of a block, padding included', () => {
    for (let left = 0; left < 24; left += 1) {
      // The first record ends `left` bytes before the end of the first block.
      const used = row(0, 20_000).length;
      const bytes = blockFile(WANDB_HEADER, [row(0, 20_000 + BLOCK - 7 - 7 - used - left), row(1), row(2, 70_000), row(3)]).bytes;
      expect(steps(readBoth(bytes))).toEqual([0, 1, 2, 3]);
    }
  });

  it('are read over many blocks', () => {
    const reading = readBoth(blockFile(WANDB_HEADER, range(40).map((step) => row(step, (step * 7919) % 9000))).bytes);
    expect(steps(reading)).toEqual(range(40));
    expect(reading.problems).toEqual([]);
  });

  it('stop at the last complete record, wherever the file ends', () => {
    const { bytes, starts } = blockFile(WANDB_HEADER, [row(0), row(1, 40_000), row(2), row(3)]);
    for (let size = 7; size < bytes.length; size += size > 200 && size < 39_500 ? 997 : 1) {
      const reading = readAtOnce(wandb, bytes.subarray(0, size), WHERE);
      const complete = starts.slice(1).filter((end) => end <= size).length;
      expect(steps(reading)).toEqual(range(complete));
      expect(reading.problems).toEqual([]);
      expect(reading.done).toBeLessThanOrEqual(size);
    }
  });

  it('that have not arrived are waited for, also where zeros stand in for them', () => {
    const { bytes, starts } = blockFile(WANDB_HEADER, range(5).map((step) => row(step)));
    for (const zeros of [1, 6, 7, 8, 500, 40_000]) {
      const reading = readAtOnce(wandb, join(bytes, new Uint8Array(zeros)), WHERE);
      expect(reading).toMatchObject({ done: bytes.length, problems: [] });
    }
    const cut = (starts[4] ?? 0) + 10;
    const reading = readAtOnce(wandb, join(bytes.subarray(0, cut), new Uint8Array(bytes.length - cut + 9)), WHERE);
    expect(reading).toMatchObject({ done: starts[4], problems: [] });
  });
});

describe('damage', () => {
  const { bytes, starts } = blockFile(WANDB_HEADER, range(60).map((step) => row(step, 2000)));

  it('in the data of a record costs that record', () => {
    for (const hit of [0, 3, 30, 59]) {
      const damaged = bytes.slice();
      const at = (starts[hit] ?? 0) + 40;
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const reading = readBoth(damaged);
      expect(steps(reading)).toEqual(range(60).filter((step) => step !== hit));
      expect(reading.problems.length).toBeGreaterThan(0);
      expect(reading.problems[0]?.offset).toBeGreaterThanOrEqual(starts[hit] ?? 0);
      expect(reading.problems[0]?.offset).toBeLessThan(starts[hit + 1] ?? 0);
    }
  });

  it('in the head of a record costs at most the rest of its block, and nothing before it', () => {
    for (let byte = 0; byte < 7; byte += 1) {
      const damaged = bytes.slice();
      const at = (starts[20] ?? 0) + byte;
      damaged[at] = (damaged[at] ?? 0) ^ 0x84;
      const read = steps(readBoth(damaged));
      const next = Math.ceil((starts[20] ?? 0) / BLOCK) * BLOCK;
      const after = starts.findIndex((start) => start >= next);
      expect(read.slice(0, 20)).toEqual(range(20));
      expect(read.filter((step) => step >= after)).toEqual(range(60).slice(after));
      expect(read).not.toContain(20);
    }
  });

  it('of a whole block costs the records in it', () => {
    const damaged = bytes.slice();
    damaged.fill(0xaa, BLOCK, 2 * BLOCK);
    const lost = range(60).filter((step) => (starts[step + 1] ?? 0) > BLOCK && (starts[step] ?? 0) < 2 * BLOCK);
    expect(steps(readBoth(damaged))).toEqual(range(60).filter((step) => !lost.includes(step)));
    const zeroed = bytes.slice();
    zeroed.fill(0, BLOCK, 2 * BLOCK);
    expect(steps(readBoth(zeroed))).toEqual(range(60).filter((step) => !lost.includes(step)));
  });

  it('of the file header costs nothing', () => {
    const damaged = bytes.slice();
    damaged.fill(0, 0, 7);
    expect(steps(readBoth(damaged))).toEqual(range(60));
  });
});
