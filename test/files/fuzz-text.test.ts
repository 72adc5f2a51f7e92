/**
 * Damaged and hostile logs for every text format: bytes changed at random, lines repeated, cut, swapped and glued, and files that are
 * nothing but structure. No reader may throw, hang, keep more than it was given or lose what stands before the damage.
 * Seeded: a failure names its seed. FUZZ_SECONDS is the time for each format; the soak takes 60.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Batch } from '../../main/service/formats/batch.ts';
import { consoleText } from '../../main/service/formats/console/console.ts';
import type { Format } from '../../main/service/formats/format.ts';
import { textFormats } from '../../main/service/formats/text.ts';
import { parseYaml } from '../../main/service/formats/yaml.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { readAtOnce, readLive } from '../unit/formats/reading.ts';

const LOGS = fileURLToPath(new URL('../fixtures/logs', import.meta.url));
/** For each format. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 2);
/** CPU seconds for a file of 24 KiB, and bytes that a reader's damaged files may leave behind in all. */
const LONGEST = 1;
const MOST_MEMORY = 300 * 2 ** 20;
/** Damage may turn one record into a few, not into many. */
const MOST_POINTS = 3;

interface Sample {
  format: Format;
  path: string;
  name: string;
  bytes: Uint8Array;
}

/** One sample of at most 24 KiB for each format. */
function samples(): Sample[] {
  const found = new Map<string, Sample>();
  for (const path of readdirSync(LOGS, { recursive: true, encoding: 'utf8' })) {
    const full = join(LOGS, path);
    if (!statSync(full).isFile() || path.endsWith('.truth.json')) continue;
    const bytes = new Uint8Array(readFileSync(full)).slice(0, 24 * 1024);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const format = textFormats.find((each) => each.detect({ path, name, head: bytes, size: bytes.length, siblings: new Set() }));
    if (format && !found.has(format.id)) found.set(format.id, { format, path, name, bytes });
  }
  return [...found.values()];
}

type Random = () => number;
const below = (random: Random, end: number): number => Math.floor(random() * end);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const PIECES = ['"', '""', '{', '}', '[', ']', ',', ';', '\t', '\n', '\r', '\r\n', '\u0000', '\u001b[', '\ufeff', '\\', ':', '/', '%|', 'nan', '-inf', '1e400', 'NaN', '!!python/object', '&a', '*a', '__proto__', '9'.repeat(400), '{"a":'.repeat(50), '('.repeat(200)];

/** Changes single bytes. */
function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  for (let count = 1 + below(random, 8); count > 0; count -= 1) copy[below(random, copy.length)] = below(random, 256);
  return copy;
}

/** Changes the build: lines cut, doubled, swapped, glued; pieces of syntax put in. */
function rebuilt(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = latin(bytes).split('\n');
  for (let count = 1 + below(random, 4); count > 0; count -= 1) {
    const at = below(random, lines.length);
    const line = lines[at] ?? '';
    const cut = below(random, line.length + 1);
    const piece = PIECES[below(random, PIECES.length)] ?? '';
    const change = below(random, 6);
    if (change === 0) lines[at] = line.slice(0, cut);
    else if (change === 1) lines.splice(at, 0, line);
    else if (change === 2) lines.splice(at, 2, line + (lines[at + 1] ?? ''));
    else if (change === 3) lines.splice(at, 1);
    else if (change === 4) lines[at] = line.slice(0, cut) + piece + line.slice(cut);
    else lines.splice(at, 0, piece.repeat(1 + below(random, 20)));
  }
  return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'));
}

/** Nothing but syntax. */
function made(random: Random): Uint8Array {
  let text = ['step,loss\n', '{"step": 1, "loss": 2}\n', 'Epoch 1/3\n', 'a: 1\n', ''][below(random, 5)] ?? '';
  for (let count = below(random, 200); count > 0; count -= 1) text += PIECES[below(random, PIECES.length)] ?? '';
  return encode(text);
}

const DAMAGES: ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [flipped, rebuilt, (_, random) => made(random)];

/** Reads like the service; the sentences of errors are checked, for users see them. */
function pointsRead({ format, path, name }: Sample, bytes: Uint8Array): number {
  const batch = new Batch();
  if (format.kind === 'stream') {
    const done = format.open({ path, name }).read(bytes, 0, batch, true);
    expect(done).toBeGreaterThanOrEqual(0);
    expect(done).toBeLessThanOrEqual(bytes.length);
  } else if (format.kind === 'snapshot') {
    try {
      format.parse(bytes, batch, { path, name });
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message.length).toBeGreaterThan(10);
      expect(error).not.toBeInstanceOf(RangeError);
      expect(error).not.toBeInstanceOf(TypeError);
    }
  }
  for (const { text, offset } of batch.problems) {
    expect(text).toMatch(/\.$/);
    expect(offset).toBeLessThanOrEqual(bytes.length);
  }
  for (const key of batch.configs.keys()) expect(key.length).toBeLessThanOrEqual(512);
  return batch.pointCount;
}

describe('text formats under damage', () => {
  const all = samples();

  it('there is a sample for every text format', () => expect(all.map((sample) => sample.format.id).sort()).toEqual(textFormats.map((format) => format.id).sort()));

  it.each(all)('$format.id', { timeout: 60_000 + SECONDS * 2000 }, (sample) => {
    const whole = pointsRead(sample, sample.bytes);
    const memory = process.memoryUsage().rss;
    const until = performance.now() + SECONDS * 1000;
    let slowest = 0;
    for (let seed = 1; performance.now() < until; seed += 1) {
      const random = seeded(seed);
      const input = DAMAGES[seed % DAMAGES.length]?.(sample.bytes, random) ?? sample.bytes;
      const began = process.cpuUsage();
      const points = pointsRead(sample, input);
      slowest = Math.max(slowest, process.cpuUsage(began).user / 1e6);
      expect(points, `seed ${seed}`).toBeLessThanOrEqual(whole * MOST_POINTS + 1000);
    }
    expect(slowest).toBeLessThan(LONGEST);
    expect(process.memoryUsage().rss - memory).toBeLessThan(MOST_MEMORY);
  });

  it.each(all.filter((sample) => sample.format.kind === 'stream'))('$format.id gives the same in pieces, whatever the damage', ({ format, path, name, bytes }) => {
    if (format.kind !== 'stream') return;
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seeded(seed * 77);
      const damaged = (seed % 2 === 0 ? flipped : rebuilt)(bytes, random).slice(0, 6000);
      expect(readLive(format, damaged, { path, name }, random, 300), `seed ${seed * 77}`).toEqual(readAtOnce(format, damaged, { path, name }));
    }
  });

  it('no console line, however built, holds the reader up', () => {
    const starts = ['', 'step 1: ', 'Epoch 1/3 ', 'Epoch: [0][1/2] ', '[1]\t', 'iteration 1/ 3 |', ' 50%|', 'Epoch 1:  50%|', 'Step 1 | ', "{'loss': ", '1:\tlearn: ', 'eta: 1 iter: 1 total_loss: ', 'epoch 001 | ', '| ', 'Epoch(val) [1][1/2] '];
    const pieces = [' ', '1', '1,', 'a', 'a:', 'a=1', "'s ", '\t', '|', ' | ', '1 ', '.', '-', '[', 'loss ', "'a': 1, ", 'e', ': 1'];
    for (const start of starts) {
      for (const piece of pieces) {
        const text = `${start}${piece.repeat(4000 / piece.length)}: x\n`;
        const began = process.cpuUsage();
        consoleText.open({ path: 'a', name: 'a' }).read(encode(text), 0, new Batch(), false);
        expect(process.cpuUsage(began).user / 1e6, JSON.stringify([start, piece])).toBeLessThan(1);
      }
    }
  });

  it('no YAML, however built, holds the reader up', () => {
    for (const piece of ['&a ', '!!a ', '? ', '- ', '"a\n', '%a\n', '{', 'a: *a\n', "'"]) {
      const began = process.cpuUsage();
      expect(() => parseYaml(`${piece.repeat(120_000 / piece.length)}]`), piece).toThrow(Error);
      expect(process.cpuUsage(began).user / 1e6, piece).toBeLessThan(3);
    }
  });

  it('detectors look at anything without a word', () => {
    const names = ['log.txt', 'metrics.csv', 'metrics.json', 'a.jsonl', 'config.yaml', 'config.json', 'config.py', 'trainer_state.json', 'x.tsv', 'train.log', 'slurm-1.out', 'plots/metrics/a.tsv'];
    for (let seed = 1; seed <= 300; seed += 1) {
      const head = made(seeded(seed));
      const path = names[seed % names.length] ?? '';
      for (const format of textFormats) expect([true, false]).toContain(format.detect({ path, name: path, head, size: head.length, siblings: new Set() }));
    }
  });
});
