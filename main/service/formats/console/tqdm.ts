import type { SeriesHints, Sink, Split } from '../format.ts';
import { splitOf } from '../axes.ts';
import { NUM, put, toNumber, type Dialect } from './dialect.ts';

/** What follows the percentage: the bar, the count, the times with the numbers of `set_postfix`, and what was printed behind it. */
const BAR = /^%\|[^|]*\|\s*([\d.]+[kM]?)\/([\d.]+[kM]?)\s*\[([^\]]*)\](.*)$/;
/** Bars are as wide as a screen. */
const WIDEST = 1000;
const PAIR = new RegExp(`([A-Za-z_][\\w./@() -]*?)\\s*[=:]\\s*(${NUM})(?=[,\\]\\s%]|$)`, 'g');
const EPOCH = /epoch[\s:#]*\[?(\d+)/i;
const COUNTER = /^(v_num|step|epoch|batch|iter|iteration)$/i;

interface Bar {
  desc: string;
  done: number;
  total: number;
  pairs: [string, number][];
  rest: string;
}

/** The bar of an epoch that is full: its numbers stand until something shows that no more is to come. */
interface Pending {
  epoch: number;
  split: Split | null;
  pairs: [string, number][];
  /** A newline has followed it. */
  closed: boolean;
}

interface State {
  pending: Pending | null;
  /** Epoch and split whose numbers were told last. */
  told: string;
  /** A newline behind a full bar closes it. Not so where other bars are drawn below, as Lightning does for validation. */
  closes: boolean;
  /** The last count of each step bar: one that is drawn again without progress is no new point. */
  last: Map<string, number>;
}

/**
 * tqdm bars with numbers behind them, and the bar of Lightning (formats reference 4.3). A bar that names its epoch counts batches:
 * its last state is the epoch's. Any other bar counts steps, and each new count is a point.
 */
export function openTqdm(saved?: unknown): Dialect {
  const state = restored(saved);
  return {
    line({ text, time, final }, sink) {
      const bar = barOf(text);
      if (bar === null) {
        if (state.pending?.closed === true && !/\|\s*\d+\/[\d?]/.test(text)) {
          state.closes = true;
          tell(state, time, sink);
        }
        return false;
      }
      const epoch = EPOCH.exec(bar.desc)?.[1];
      if (epoch !== undefined) {
        takeEpoch(state, bar, Number(epoch), final, time, sink);
        return true;
      }
      if (state.pending?.closed === true) state.pending.closed = state.closes = false;
      if (bar.pairs.length === 0) return false;
      const before = state.last.get(bar.desc);
      if (before === bar.done) return true;
      if (state.last.size < 32 || before !== undefined) state.last.set(bar.desc, bar.done);
      const split = splitOf(bar.desc);
      for (const [name, value] of bar.pairs) put(sink, name, hintsOf(name, split), { step: bar.done, time }, value);
      return true;
    },
    save: () => ({ ...state, last: [...state.last], pending: state.pending && { ...state.pending, pairs: state.pending.pairs.map(([name, value]) => [name, String(value)]) } })
  };
}

/** The state as it was saved. JSON has no NaN: the numbers of a pending bar are texts there. */
function restored(saved: unknown): State {
  const before = saved as { pending: Pending | null; told: string; closes: boolean; last: [string, number][] } | null | undefined;
  const pending = before?.pending ? { ...before.pending, pairs: before.pending.pairs.map(([name, value]): [string, number] => [name, Number(value)]) } : null;
  return { pending, told: before?.told ?? '', closes: before?.closes ?? false, last: new Map(before?.last) };
}

function takeEpoch(state: State, bar: Bar, epoch: number, final: boolean, time: number, sink: Sink): void {
  const split = splitOf(bar.desc.replace(EPOCH, ' '));
  const { pending } = state;
  if (pending !== null && (pending.epoch !== epoch || pending.split !== split)) {
    // Lightning shows what validation gave in the first bar of the next epoch, where it was not shown before.
    if (bar.done === 0 && pending.split === split) pending.pairs = [...new Map([...pending.pairs, ...bar.pairs])];
    tell(state, time, sink);
  }
  const key = `${epoch} ${split ?? ''}`;
  if (bar.done < bar.total) {
    if (bar.done === 0 && state.told === key) state.told = '';
    return;
  }
  if (bar.pairs.length === 0 || state.told === key) return;
  state.pending = { epoch, split, pairs: bar.pairs, closed: final };
  if ((final && state.closes) || /Trainer\.fit.{0,3} stopped/.test(bar.rest)) tell(state, time, sink);
}

function tell(state: State, time: number, sink: Sink): void {
  if (state.pending === null) return;
  const { pairs, epoch, split } = state.pending;
  for (const [name, value] of pairs) put(sink, name, { ...hintsOf(name, split), axis: 'epoch' }, { epoch, time }, value);
  state.told = `${epoch} ${split ?? ''}`;
  state.pending = null;
}

function barOf(text: string): Bar | null {
  const at = text.length > WIDEST ? -1 : text.indexOf('%|');
  const found = at < 0 ? null : BAR.exec(text.slice(at));
  if (!found) return null;
  const desc = text.slice(0, at).replace(/\d+$/, '').trimEnd().replace(/:$/, '');
  const rest = found[4] as string;
  // Behind the times and the rate come the numbers of `set_postfix`; some loops print theirs in the description or behind the bar.
  const postfix = /^[^,]*,[^,]*,\s*(.*)$/.exec(found[3] as string)?.[1] ?? '';
  const pairs: [string, number][] = [];
  for (const part of [desc.replace(EPOCH, ''), postfix, rest]) {
    for (const [, name = '', value] of part.matchAll(PAIR)) if (!COUNTER.test(name.trim())) pairs.push([name.trim(), toNumber(value)]);
  }
  const plain = EPOCH.test(desc) ? desc : desc.replace(/[-+]?\d+(\.\d+)?(e[-+]?\d+)?/gi, '');
  return { desc: plain.slice(0, 80), done: toCount(found[1]), total: toCount(found[2]), pairs, rest };
}

function toCount(text = ''): number {
  const factor = text.endsWith('k') ? 1000 : text.endsWith('M') ? 1e6 : 1;
  return Number(text.replace(/[kM]$/, '')) * factor;
}

function hintsOf(name: string, split: Split | null): SeriesHints {
  if (/_step$/.test(name)) return { meaning: 'batch' };
  if (/_epoch$/.test(name)) return { meaning: 'epoch-mean' };
  return split !== null && splitOf(name) === null ? { split } : {};
}
