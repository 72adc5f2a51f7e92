/** The three damages that disks and crashes do to an event file, at a thousand random places each, beside what TensorBoard keeps of it. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Batch } from '../../main/service/formats/batch.ts';
import { csv } from '../../main/service/formats/csv-generic.ts';
import { tensorboard } from '../../main/service/formats/tensorboard.ts';
import { generateTfevents, seeded } from '../bench/generate-tfevents.ts';
import { readAtOnce } from '../unit/formats/reading.ts';

const OFFSETS = Number(process.env.GAPWATCH_OFFSETS ?? 1000);
const RECORDS = 10_000;
const WHERE = { path: 'run/events.out.tfevents.1.host', name: 'events.out.tfevents.1.host' };

let folder: string;
let whole: Buffer;
/** Where each record begins, and the end. */
let starts: number[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-damage-'));
  generateTfevents(folder, 1, 1, RECORDS);
  const [file = ''] = readdirSync(join(folder, 'run'));
  whole = readFileSync(join(folder, 'run', file));
  starts = [];
  for (let at = 0; at < whole.length; at += 16 + whole.readUInt32LE(at)) starts.push(at);
  starts.push(whole.length);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function points(bytes: Uint8Array): number {
  const batch = new Batch();
  tensorboard.open(WHERE).read(bytes, 0, batch, true);
  return batch.pointCount;
}

/** The record that a byte lies in. */
function recordAt(offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** Damages a copy. Returns it with the number of records whose bytes it hit, which nobody could keep, and the first of them. */
type Damage = (random: () => number) => { bytes: Uint8Array; hit: number; first: number };

const flip = (bytes: Uint8Array, at: number, random: () => number): void => {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
};

const DAMAGES: Record<string, Damage> = {
  'a bit of the content flipped'(random) {
    const record = Math.floor(random() * RECORDS);
    const [from, to] = [(starts[record] ?? 0) + 12, starts[record + 1] ?? 0];
    const bytes = Buffer.from(whole);
    flip(bytes, from + Math.floor(random() * (to - from)), random);
    return { bytes, hit: 1, first: record };
  },
  'a bit of the length or its sum flipped'(random) {
    const record = Math.floor(random() * RECORDS);
    const bytes = Buffer.from(whole);
    flip(bytes, (starts[record] ?? 0) + Math.floor(random() * 12), random);
    return { bytes, hit: 1, first: record };
  },
  '4 kB of zeros in the middle'(random) {
    const at = Math.floor((random() * (whole.length - 8192)) / 4096) * 4096;
    const bytes = Buffer.from(whole);
    bytes.fill(0, at, at + 4096);
    const first = recordAt(at);
    return { bytes, hit: recordAt(at + 4095) - first + 1, first };
  },
};

describe('an event file of 10,000 records', () => {
  test.each(Object.entries(DAMAGES))(`%s, at ${OFFSETS} random places: what was not hit is kept`, (name, damage) => {
    const random = seeded(name.length);
    let kept = 0;
    let keepable = 0;
    let upToDamage = 0;
    for (let round = 0; round < OFFSETS; round += 1) {
      const { bytes, hit, first } = damage(random);
      const found = points(bytes);
      expect(found).toBeGreaterThanOrEqual(RECORDS - hit);
      kept += found;
      keepable += RECORDS - hit + 1;
      upToDamage += first;
    }
    const share = kept / keepable;
    // TensorBoard stops at the first wrong sum (measured: 4,999 of 10,000 with the damage in the middle).
    const stopping = upToDamage / (OFFSETS * RECORDS);
    process.stdout.write(`${name}: ${(100 * share).toFixed(3)} % of what was left; a reader that stops there: ${(100 * stopping).toFixed(1)} %\n`);
    expect(share).toBeGreaterThan(0.999);
    expect(stopping).toBeLessThan(0.6);
  }, 300_000);
});

test('valid rows of a table are intact and in place, whatever stands between them', () => {
  const row = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const rubbish = fc.oneof(
    fc.constantFrom('1', '1,2,3,4,5', '"', '"open', 'a,b,c', '\u0000\u0000', ',,', '"a""b', '\u001b[31m', '{"a": 1}', 'x'.repeat(5000), '1,"2'),
    // Without a separator, as words with one between them may be a new header ("I,#").
    fc.string({ maxLength: 30 }).filter((text) => !/[\r\n,]/.test(text)),
  );
  const part = fc.oneof({ weight: 3, arbitrary: row.map((values) => ({ values })) }, { weight: 1, arbitrary: rubbish.map((text) => ({ text })) });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      let step = 1000;
      const valid: [number, number, number][] = [];
      let quoted = false;
      const lines = parts.map((each) => {
        // Two lines with a stray quote are one cell with what lies between them (RFC 4180): only the first one keeps its quotes.
        if ('text' in each) {
          const text = quoted ? each.text.replaceAll('"', '') : each.text;
          quoted ||= text.includes('"');
          return text;
        }
        valid.push([(step += 1), ...each.values]);
        return `${step},${each.values.join(',')}`;
      });
      const reading = readAtOnce(csv, new TextEncoder().encode(`step,loss,acc\n${lines.join('\n')}\n`), { path: 'run/log.csv', name: 'log.csv' });
      for (const [column, name] of [[1, ':loss'], [2, ':acc']] as const) {
        const found = (reading.series.get(name)?.points ?? []).filter(([at]) => at > 1000 && Number.isInteger(at)).map(([at, , , value]) => `${at} ${value}`);
        const missing = valid.map((each) => `${each[0]} ${each[column]}`).filter((each) => !found.includes(each));
        expect(missing).toEqual([]);
      }
    }),
    { numRuns: Number(process.env.GAPWATCH_SEQUENCES ?? 500) },
  );
});
