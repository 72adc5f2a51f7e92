/** Whatever form lines have, known or changing, they are read as a reader reads them that knows none. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { jsonl } from '../../../main/service/formats/jsonl.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { addBatch, newReading, readAtOnce, readLive, settled, type Reading } from './reading.ts';

const WHERE = { path: 'run/metrics.jsonl', name: 'metrics.jsonl' };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readAtOnce(jsonl, encode(text), WHERE);

it('reads lines of a known form as it reads them one by one', () => {
  const key = fc.oneof(fc.constantFrom('step', 'loss', 'epoch', 'lr', 'val/acc', 'größe', 'a b', '1'), fc.string({ maxLength: 6 }));
  const leaf = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(null, true, 'train', 'val', 'NaN', 'x"y', 'ü'), fc.double({ min: -1e6, max: 1e6 }));
  const record = fc.dictionary(key, fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 1, arbitrary: fc.dictionary(key, leaf, { maxKeys: 3 }) }), { minKeys: 1, maxKeys: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(record, fc.nat(3)), { minLength: 1, maxLength: 8 }), fc.nat(), (records, seed) => {
      const lines = records.flatMap(([each, times]) => Array.from({ length: times + 1 }, () => `${python(each)}\n`));
      const text = lines.join('');
      const whole = read(text);
      expect(new Map([...whole.series].map(([name, series]) => [name, series.points]))).toEqual(oneByOne(lines).points);
      expect(readLive(jsonl, encode(text), WHERE, seeded(seed), 50)).toEqual(whole);
    }),
    { numRuns: 300 }
  );
});

it('reads lines whose keys come in changing order and number as it reads them one by one', () => {
  const pool = ['step', 'epoch', 'time', 'split', 'loss', 'acc', 'lr', 'a/step', 'größe', '', 'x"y', 'note'];
  const strange = Array.from({ length: 70 }, (_, n) => `{"step": ${n}, "first${n}": ${n}}\n`);
  const leaf = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(null, true, 'train', 'val', 'NaN', 'ü'), fc.constant({ in: 1 }));
  const pairs = fc.shuffledSubarray(pool, { minLength: 1, maxLength: 5 }).chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), leaf))));
  const doubled = fc.tuple(pairs, fc.integer({ min: 0, max: 9 })).map(([all, twice]) => (twice === 0 ? [...all, ...all.slice(0, 1)] : all));
  fc.assert(
    fc.property(fc.array(doubled, { minLength: 1, maxLength: 40 }), fc.nat(), (records, seed) => {
      const made = records.map((each) => `{${each.map(([key, value]) => `${JSON.stringify(key)}: ${python(value)}`).join(', ')}}${seed % 2 === 0 ? '' : '\r'}\n`);
      const lines = [...strange, ...made, ...made];
      const whole = read(lines.join(''));
      expect(new Map([...whole.series].map(([name, series]) => [name, series.points]))).toEqual(oneByOne(lines).points);
      expect(readLive(jsonl, encode(lines.join('')), WHERE, seeded(seed), 200)).toEqual(whole);
    }),
    { numRuns: 40 }
  );
}, 20_000);

it('reads hostile lines among those whose keys change as it reads them one by one', () => {
  const strange = Array.from({ length: 70 }, (_, n) => `{"step": ${n}, "first${n}": ${n}}\n`);
  const key = fc.constantFrom('step', 'loss', 'loss_a', 'loss_b', 'lr', '__proto__', 'constructor', 'größe', 'k'.repeat(70), '', 'lo\\u0073s', 'a\\"b', '\\ud800', '7');
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('NaN', 'Infinity', '-Infinity', '-NaN', 'null', 'true', '"NaN"', '"x"', '"\\u0041"', '{"in": 1}', '{}', '[1, {"a": 2}]', '"', ''),
    fc.constantFrom('-0', '01', '.5', '5.', '+1', '1e5', '1e', '1e400', '1e-400', '0x10', '9'.repeat(400), `0.${'0'.repeat(300)}1`, '0.1000000000000000055511151231257827', '9007199254740993')
  );
  const colon = fc.constantFrom(': ', ': ', ':', ' :\t', '  :  ', ' ');
  const line = fc.tuple(fc.array(fc.tuple(key, colon, value), { minLength: 1, maxLength: 5 }), fc.constantFrom(', ', ',', ' ,\t'), fc.constantFrom('', ' ', '\r', 'x'), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.nat(), (records, seed) => {
      const made = records.map(([pairs, comma, end, cut]) => {
        const whole = `{${pairs.map(([name, between, text]) => `"${name}"${between}${text}`).join(comma)}}${end}`;
        return `${cut < 100 ? whole.slice(0, cut) : whole}\n`;
      });
      const lines = [...strange, ...made, ...made];
      const whole = read(lines.join(''));
      const alone = oneByOne(lines);
      expect(new Map([...whole.series].map(([name, series]) => [name, series.points]))).toEqual(alone.points);
      expect(whole.problems).toEqual(alone.problems);
      expect(readLive(jsonl, encode(lines.join('')), WHERE, seeded(seed), 200)).toEqual(whole);
    }),
    { numRuns: 150 }
  );
}, 20_000);

it('reads lines whose keys change the same wherever its bytes are cut', () => {
  const strange = Array.from({ length: 70 }, (_, n) => `{"step": ${n}, "first${n}": ${n}}\n`).join('');
  const tail = '{"step": 1, "loss": 0.5}\n{"loss": NaN, "lr": 1e-3, "step": 2}\n{"lr": 0.25, "step": 3}\n{"größe": 2, "step": 4}\n{"loss": -0.12345678901234567, "step": 5}\n';
  const bytes = encode(`${strange}${tail}${tail}`);
  const whole = readAtOnce(jsonl, bytes, WHERE);
  for (let cut = encode(strange).length; cut < bytes.length; cut += 1) {
    const reader = jsonl.open(WHERE);
    const reading = newReading();
    for (const end of [cut, bytes.length]) {
      const batch = new Batch();
      reading.done += reader.read(bytes.slice(reading.done, end), reading.done, batch, end === bytes.length);
      addBatch(reading, batch);
    }
    expect(settled(reading)).toEqual(whole);
  }
});

/** The points of each series, and the problems, by a reader that is opened anew for each line, so that it knows no form and no keys. */
function oneByOne(lines: readonly string[]): { points: Map<string, number[][]>; problems: Reading['problems'] } {
  const found = new Map<string, number[][]>();
  const problems: Reading['problems'] = [];
  let state: unknown;
  let offset = 0;
  for (const line of lines) {
    const batch = new Batch();
    const reader = jsonl.open(WHERE, state);
    reader.read(encode(line), offset, batch, false);
    state = JSON.parse(JSON.stringify(reader.save()));
    offset += encode(line).length;
    problems.push(...batch.problems);
    for (const { name, hints, points } of batch.list) {
      const key = `${hints.split ?? ''}:${name}`;
      const rows = Array.from({ length: points.length }, (_, i) => [points.step[i]!, points.epoch[i]!, points.time[i]!, points.value[i]!]);
      found.set(key, [...(found.get(key) ?? []), ...rows]);
    }
  }
  return { points: found, problems };
}

/** JSON as Python prints it: blanks behind colons and commas, bare NaN. */
function python(value: unknown): string {
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : Math.abs(value) === Infinity ? `${value}` : Object.is(value, -0) ? '-0.0' : `${value}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${python(item)}`).join(', ')}}`;
}
