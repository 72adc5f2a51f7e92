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

/** A row for a log as writers make it, and one for the worst case, in which no form of a line is ever known again. */
export function benchJsonl(lines = 200_000): Promise<Row[]> {
  const target = { text: '>= 0.9x', met: (ratio: number) => ratio >= 0.9 };
  const rows = [
    ['lines of two forms', jsonLog(lines), true],
    ['keys in an order of their own in each line', shuffled(lines / 4), false]
  ] as const;
  return Promise.resolve(
    rows.map(([name, bytes, usual]) => {
      const mib = bytes.length / 2 ** 20;
      const rate = (value: number): string => `${seconds(value)} (${(mib / value).toFixed(0)} MiB/s)`;
      const anchor = (): unknown => new TextDecoder().decode(bytes).split('\n').reduce((count, line) => count + (line === '' ? 0 : Object.keys(JSON.parse(line) as object).length), 0);
      const ours = (): unknown => readInChunks(jsonl, bytes);
      for (let warm = 0; warm < 2; warm += 1) [anchor, ours].forEach(cpuSeconds);
      const pairs = Array.from({ length: PAIRS }, () => ({ ours: cpuSeconds(ours), anchor: cpuSeconds(anchor) }));
      const row = paired(`JSON lines, ${name}, ${mib.toFixed(0)} MiB, CPU; against JSON.parse per line`, pairs, rate, (pair) => pair.anchor / pair.ours, target);
      return usual ? row : { ...row, target: 'informs: no writer does that', met: null };
    })
  );
}

/** Lines whose keys come in an order of their own each. */
function shuffled(lines: number): Uint8Array {
  const random = seeded(2);
  const texts = Array.from({ length: lines }, (_, step) => {
    const pairs = ['train_loss', 'lr', 'grad_norm', 'accuracy', 'tokens'].map((key) => `"${key}": ${random()}`);
    return `{"step": ${step}, ${pairs.sort(() => random() - 0.5).join(', ')}}`;
  });
  return new TextEncoder().encode(`${texts.join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { what, ours, anchor, ratio, spread } of await benchJsonl()) {
    process.stdout.write(`${what}: ${ours}, anchor ${anchor}, ratio ${ratio?.toFixed(2)} (${spread?.map((end) => end.toFixed(2)).join(' to ')})\n`);
  }
}
