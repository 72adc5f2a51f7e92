/**
 * JSON lines: our reader over bytes, in chunks as the service reads, against `JSON.parse` of each line of the decoded text, which
 * does nothing with what it finds. Both run in this process in turn. `npm run bench -- jsonl`, or this file alone.
 */
import { pathToFileURL } from 'node:url';
import { jsonl } from '../../main/service/formats/jsonl.ts';
import { cpuSeconds, readInChunks } from './csv.ts';
import { seeded } from './generate-tfevents.ts';
import { paired, seconds, type Row } from './row.ts';

const PAIRS = 7;

/** A log of `lines` lines as Python's json writes it: training records, every 50th line a validation record of other keys. */
export function jsonLog(lines: number, seed = 1): Uint8Array {
  const random = seeded(seed);
  const texts: string[] = [];
  for (let step = 0; step < lines; step += 1) {
    const loss = 2 * Math.exp(-step / lines) + random();
    if (step % 50 === 49) texts.push(`{"step": ${step}, "split": "val", "val_loss": ${loss * 1.1}, "val_acc": ${random().toFixed(4)}, "time": ${1.79e9 + step / 8}}`);
    else texts.push(`{"step": ${step}, "epoch": ${(step / 1000).toFixed(3)}, "train_loss": ${Math.fround(loss)}, "lr": ${0.001 * (1 - step / lines)}, "grad_norm": ${(random() * 3).toFixed(4)}, "tokens": ${step * 4096}, "time": ${1.79e9 + step / 8}}`);
  }
  return new TextEncoder().encode(`${texts.join('\n')}\n`);
}

/** A row each for a log as writers make it, for one with NaN, which JSON.parse does not take, and for keys that change from line to line. */
export function benchJsonl(lines = 200_000): Promise<Row[]> {
  const usual = jsonLog(lines);
  const logs = [
    ['lines of two forms', usual, usual, 0.9],
    ['every tenth loss NaN (JSON.parse gets null there)', withLosses(usual, 'NaN'), withLosses(usual, 'null'), 0.5],
    ['keys that come and go', changing(lines / 2, false), null, 0.9],
    ['keys in an order of their own in each line', changing(lines / 2, true), null, 0.9],
  ] as const;
  return Promise.resolve(
    logs.map(([name, bytes, plain, least]) => {
      const mib = bytes.length / 2 ** 20;
      const rate = (value: number): string => `${seconds(value)} (${(mib / value).toFixed(0)} MiB/s)`;
      const anchor = (): unknown => new TextDecoder().decode(plain ?? bytes).split('\n').reduce((count, line) => count + (line === '' ? 0 : Object.keys(JSON.parse(line) as object).length), 0);
      const ours = (): unknown => readInChunks(jsonl, bytes);
      for (let warm = 0; warm < 2; warm += 1) [anchor, ours].forEach(cpuSeconds);
      const pairs = Array.from({ length: PAIRS }, () => ({ ours: cpuSeconds(ours), anchor: cpuSeconds(anchor) }));
      const target = { text: `>= ${least}x`, met: (ratio: number) => ratio >= least };
      return paired(`JSON lines, ${name}, ${mib.toFixed(0)} MiB, CPU; against JSON.parse per line`, pairs, rate, (pair) => pair.anchor / pair.ours, target);
    }),
  );
}

/** The same log with every tenth train loss replaced. */
function withLosses(bytes: Uint8Array, by: string): Uint8Array {
  let count = 0;
  const text = new TextDecoder().decode(bytes).replace(/"train_loss": [^,]*/g, (found) => ((count += 1) % 10 === 0 ? `"train_loss": ${by}` : found));
  return new TextEncoder().encode(text);
}

/** Lines with two keys that always come first, and five others of which some are missing, or in an order of their own. */
function changing(lines: number, shuffled: boolean): Uint8Array {
  const random = seeded(2);
  const texts = Array.from({ length: lines }, (_, step) => {
    const pairs = ['train_loss', 'lr', 'grad_norm', 'accuracy', 'tokens'].map((key) => `"${key}": ${random()}`);
    const chosen = shuffled ? pairs.sort(() => random() - 0.5) : pairs.filter(() => random() < 0.6);
    return `{"step": ${step}, "time": ${1.79e9 + step / 8}${chosen.map((pair) => `, ${pair}`).join('')}}`;
  });
  return new TextEncoder().encode(`${texts.join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { what, ours, anchor, ratio, spread } of await benchJsonl()) {
    process.stdout.write(`${what}: ${ours}, anchor ${anchor}, ratio ${ratio?.toFixed(2)} (${spread?.map((end) => end.toFixed(2)).join(' to ')})\n`);
  }
}
