import type { SeriesHints, Sink, Split } from '../format.ts';
import { splitOf } from '../axes.ts';
import { NUM, put, toNumber, type Dialect } from './dialect.ts';

const BAR = /^(.*?)\s*(\d+)%\|[^|]*\|\s*([\d.]+[kM]?)\/([\d.]+[kM]?)\s*\[([^\]]*)\](.*)$/;
const PAIR = new RegExp(`([A-Za-z_][\\w./@() -]*?)\\s*[=:]\\s*(${NUM})(?=[,\\]\\s%]|$)`, 'g');
const EPOCH = /epoch[\s:#]*\[?(\d+)/i;

interface Bar {
  desc: string;
  done: number;
  total: number;
  pairs: [string, number][];
}

interface Pending {
  epoch: number;
  split: Split | null;
  pairs: [string, number][];
}

/**
 * tqdm bars with numbers behind them, and the bar of Lightning (formats reference 4.3). A bar that names its epoch counts batches:
 * its last state is the epoch's, certain when the bar is closed or the next epoch begins. Any other bar counts steps, and each new count
 * is a point.
 */
export function openTqdm(saved?: unknown): Dialect {
  const before = saved as { pending: Pending | null; last: [string, number][] } | null | undefined;
  // JSON has no NaN: the values of a pending bar are saved as text.
  let pending: Pending | null = before?.pending ? { ...before.pending, pairs: before.pending.pairs.map(([name, value]) => [name, Number(value)]) } : null;
  // The last count of each bar by its description: a bar drawn again without progress is no new point.
  const last = new Map<string, number>(before?.last);
  return {
    line({ text, time, final }, sink) {
      const bar = barOf(text);
      if (bar === null) return false;
      const epoch = EPOCH.exec(bar.desc)?.[1];
      if (epoch !== undefined) {
        pending = nextPending(pending, bar, Number(epoch), time, sink);
        if (final && pending !== null && bar.done >= bar.total) {
          flush(pending, time, sink);
          pending = null;
        }
        return true;
      }
      if (bar.pairs.length === 0 || last.get(bar.desc) === bar.done) return bar.pairs.length > 0;
      if (last.size < 32 || last.has(bar.desc)) last.set(bar.desc, bar.done);
      const split = splitOf(bar.desc);
      for (const [name, value] of bar.pairs) put(sink, name, hintsOf(name, split), { step: bar.done, time }, value);
      return true;
    },
    save: () => ({ pending: pending && { ...pending, pairs: pending.pairs.map(([name, value]) => [name, String(value)]) }, last: [...last] })
  };
}

function barOf(text: string): Bar | null {
  if (!text.includes('%|')) return null;
  const found = BAR.exec(text);
  if (!found) return null;
  const inside = found[5] as string;
  const pairs: [string, number][] = [];
  // Behind the times and the rate come the numbers of `set_postfix`; some loops print theirs behind the bar or in its description.
  const postfix = /^[^,]*,[^,]*,\s*(.*)$/.exec(inside)?.[1] ?? '';
  const desc = (found[1] as string).replace(/:$/, '');
  for (const part of [desc.replace(EPOCH, ''), postfix, found[6] as string]) {
    for (const [, name = '', value] of part.matchAll(PAIR)) {
      const plain = name.trim();
      if (plain !== 'v_num' && !/^(step|epoch|batch|iter|iteration)$/i.test(plain)) pairs.push([plain, toNumber(value)]);
    }
  }
  return { desc: desc.replace(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/gi, (digits) => (EPOCH.test(desc) ? digits : '')).slice(0, 80), done: toCount(found[3]), total: toCount(found[4]), pairs };
}

function toCount(text: string | undefined): number {
  const factor = text?.endsWith('k') === true ? 1000 : text?.endsWith('M') === true ? 1e6 : 1;
  return Number((text ?? '').replace(/[kM]$/, '')) * factor;
}

/** Keeps the state of a finished epoch bar until it is certain; Lightning shows the validation in the first bar of the next epoch. */
function nextPending(pending: Pending | null, bar: Bar, epoch: number, time: number, sink: Sink): Pending | null {
  const split = splitOf(bar.desc.replace(EPOCH, ' '));
  let kept = pending;
  if (kept !== null && (kept.epoch !== epoch || kept.split !== split)) {
    if (bar.done === 0 && kept.split === split) kept = { ...kept, pairs: updated(kept.pairs, bar.pairs) };
    flush(kept, time, sink);
    kept = null;
  }
  return bar.done >= bar.total && bar.pairs.length > 0 ? { epoch, split, pairs: bar.pairs } : kept;
}

function flush({ pairs, epoch, split }: Pending, time: number, sink: Sink): void {
  for (const [name, value] of pairs) put(sink, name, { ...hintsOf(name, split), axis: 'epoch' }, { epoch, time }, value);
}

function updated(pairs: [string, number][], later: [string, number][]): [string, number][] {
  const merged = new Map(pairs);
  for (const [name, value] of later) merged.set(name, value);
  return [...merged];
}

function hintsOf(name: string, split: Split | null): SeriesHints {
  if (/_step$/.test(name)) return { meaning: 'batch' };
  if (/_epoch$/.test(name)) return { meaning: 'epoch-mean' };
  return split !== null && splitOf(name) === null ? { split } : {};
}
