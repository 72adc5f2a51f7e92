import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { crc32c, maskedCrc32c } from '../../../main/service/formats/crc32c.ts';
import { tensorboard } from '../../../main/service/formats/tensorboard.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { double, event, field, join, record, simple } from './encode.ts';
import { readAtOnce, readLive, type Reading } from './reading.ts';

const WHERE = { path: 'run/events.out.tfevents.1.host', name: 'events.out.tfevents.1.host' };
const VERSION = record(join(double(1, 1.7e9), field(3, 'brain.Event:2')));
const RECORDS = [VERSION, ...Array.from({ length: 12 }, (_, step) => record(event(step, [simple('train/loss', step)])))];
const FILE = join(...RECORDS);
/** Offset of each record, and of the end. */
const STARTS = RECORDS.reduce<number[]>((starts, each) => [...starts, (starts.at(-1) ?? 0) + each.length], [0]);

function steps(reading: Reading): number[] {
  return (reading.series.get(':train/loss')?.points ?? []).map(([step]) => step);
}

function readBoth(bytes: Uint8Array): Reading {
  const once = readAtOnce(tensorboard, bytes, WHERE);
  expect(readLive(tensorboard, bytes, WHERE, seeded(bytes.length), 40)).toEqual(once);
  return once;
}

const ALL = Array.from({ length: 12 }, (_, step) => step);

describe('CRC-32C', () => {
  it('agrees with the published vectors, at any alignment', () => {
    const at = (text: string, pad: number): [DataView, number, number] => {
      const bytes = Buffer.concat([Buffer.alloc(pad), Buffer.from(text)]);
      return [new DataView(bytes.buffer, bytes.byteOffset, bytes.length), pad, bytes.length];
    };
    for (let pad = 0; pad < 9; pad += 1) expect(crc32c(...at('123456789', pad))).toBe(0xe3069283);
    expect(maskedCrc32c(...at('123456789', 0))).toBe(0xc78ab0e5);
    expect(maskedCrc32c(...at('\x18\0\0\0\0\0\0\0', 0))).toBe(0x224b7fa3);
    expect(maskedCrc32c(...at('\x32\0\0\0\0\0\0\0', 0))).toBe(0xec561924);
  });

  it('agrees with the sum taken bit by bit', () => {
    const random = seeded(11);
    for (let length = 0; length < 80; length += 1) {
      const bytes = Uint8Array.from({ length }, () => random() * 256);
      let crc = 0xffffffff;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      expect(crc32c(new DataView(bytes.buffer), 0, length)).toBe(~crc >>> 0);
    }
  });
});

describe('a file that is still being written', () => {
  it('is read to its last complete record, wherever it ends', () => {
    for (let size = STARTS.at(-3) ?? 0; size < FILE.length; size += 1) {
      const reading = readAtOnce(tensorboard, FILE.subarray(0, size), WHERE);
      const complete = STARTS.filter((start) => start <= size).length - 1;
      expect(reading.done).toBe(STARTS[complete]);
      expect(steps(reading)).toEqual(ALL.slice(0, complete - 1));
      expect(reading.problems).toEqual([]);
    }
  });

  it('may end in zeros that are data on their way: they are waited for', () => {
    for (const zeros of [1, 11, 12, 300, 5000]) {
      const reading = readAtOnce(tensorboard, join(FILE, new Uint8Array(zeros)), WHERE);
      expect(reading).toMatchObject({ done: FILE.length, problems: [] });
    }
    for (let cut = (STARTS.at(-2) ?? 0) + 1; cut < FILE.length; cut += 1) {
      const reading = readAtOnce(tensorboard, join(FILE.subarray(0, cut), new Uint8Array(FILE.length - cut + 64)), WHERE);
      expect(reading).toMatchObject({ done: STARTS.at(-2), problems: [] });
      expect(steps(reading)).toEqual(ALL.slice(0, 11));
    }
  });
});

describe('damage', () => {
  it('in one byte, whichever, costs one record and is named with its place', () => {
    for (let at = 0; at < FILE.length; at += 1) {
      const bytes = FILE.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x41;
      const hit = STARTS.findLastIndex((start) => start <= at);
      const reading = readBoth(bytes);
      const lost = ALL.filter((step) => !steps(reading).includes(step));
      expect(lost).toEqual(hit === 0 ? [] : [hit - 1]);
      expect(reading.problems).toHaveLength(1);
      expect(reading.problems[0]?.offset).toBe(STARTS[hit]);
    }
  });

  it('in the length of a record leads to the next intact record', () => {
    const at = STARTS[5] ?? 0;
    for (const [low, high] of [[0, 0], [7, 0], [4_000_000, 0], [0, 1], [0xffffffff, 0xffffffff]] as const) {
      const bytes = FILE.slice();
      const view = new DataView(bytes.buffer);
      view.setUint32(at, low, true);
      view.setUint32(at + 4, high, true);
      expect(steps(readBoth(bytes))).toEqual(ALL.filter((step) => step !== 4));
      // The same with a sum that fits the false length.
      view.setUint32(at + 8, maskedCrc32c(view, at, at + 8), true);
      if (low !== 4_000_000) expect(steps(readBoth(bytes))).toEqual(ALL.filter((step) => step !== 4));
    }
  });

  it('by bytes that are missing or too many costs the record they hit', () => {
    const at = (STARTS[5] ?? 0) + 20;
    const missing = join(FILE.subarray(0, at), FILE.subarray(at + 9));
    expect(steps(readBoth(missing))).toEqual(ALL.filter((step) => step !== 4));
    const inserted = join(FILE.subarray(0, STARTS[5]), Buffer.from('Traceback (most recent call):'), FILE.subarray(STARTS[5] ?? 0));
    expect(steps(readBoth(inserted))).toEqual(ALL);
    expect(readBoth(inserted).problems).toHaveLength(1);
  });

  it('by a record that was cut before others were appended costs that record', () => {
    const cut = join(FILE.subarray(0, (STARTS[6] ?? 0) - 10), FILE.subarray(STARTS[6] ?? 0));
    expect(steps(readBoth(cut))).toEqual(ALL.filter((step) => step !== 4));
  });

  it('by a stretch of zeros between records costs nothing else', () => {
    for (const zeros of [12, 100, 4096, 70_000]) {
      const bytes = join(FILE.subarray(0, STARTS[5]), new Uint8Array(zeros), FILE.subarray(STARTS[5] ?? 0));
      const reading = readAtOnce(tensorboard, bytes, WHERE);
      expect(steps(reading)).toEqual(ALL);
      expect(reading.problems).toEqual([{ offset: STARTS[5], text: expect.stringContaining('zero') }]);
    }
  });

  it('that fills a file is read in bounded pieces and named once', () => {
    const random = seeded(4);
    const noise = Uint8Array.from({ length: 300_000 }, () => random() * 256);
    const reading = readAtOnce(tensorboard, noise, WHERE);
    expect(reading.series.size).toBe(0);
    expect(reading.problems).toHaveLength(1);
    expect(reading.done).toBeGreaterThan(noise.length - 12);
  });

  it('in the protobuf of a record whose sums are right costs that record', () => {
    const odd = record(join(double(1, 1.7e9), Uint8Array.from([0x2a, 0x7f, 0x0a])));
    const reading = readBoth(join(FILE, odd, record(event(99, [simple('train/loss', 99)]))));
    expect(steps(reading)).toEqual([...ALL, 99]);
    expect(reading.problems).toEqual([{ offset: FILE.length, text: expect.stringContaining('no event') }]);
  });
});

describe('a huge record', () => {
  it('is passed over without its bytes', () => {
    const header = new Uint8Array(12);
    const view = new DataView(header.buffer);
    const length = 100 * 2 ** 20;
    view.setUint32(0, length, true);
    view.setUint32(8, maskedCrc32c(view, 0, 8), true);
    const reader = tensorboard.open(WHERE);
    const batch = new Batch();
    const done = reader.read(join(FILE, header, new Uint8Array(100)), 0, batch, false);
    expect(done).toBe(FILE.length + 12 + length + 4);
    expect(batch.problems).toHaveLength(1);
    const after = new Batch();
    reader.read(record(event(99, [simple('train/loss', 99)])), done, after, false);
    expect(after.pointCount).toBe(1);
  });
});
