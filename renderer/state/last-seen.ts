/**
 * The run that was seen last, as it was then. A start shows it, marked with its time, until the service answers: its process takes a third
 * of a second to start, which nobody should have to wait for to see a curve. Kept in the page's storage, below the data folder.
 */
import type { Axis, CurveView, RunDetail } from '../../preload/contract.ts';
import type { Range } from '../charts/ranges.ts';
import type { Drawn } from './curves.ts';
import { oneAtATime, type OneAtATime } from './one-at-a-time.ts';
import { pack, unpack } from './packing.ts';
import { mainSeries } from './series.ts';

const NAME = 'gapwatch.lastSeen';
/** The window's script, whose name says its content: another version may expect other things of a run. */
const BUILD = import.meta.url;
/** Characters; the storage of a page takes about five million. A run that needs more is not kept. */
const MOST = 1_500_000;
/** A start, and the opening of a run, is over by then. */
const SETTLED_MS = 2000;
/** A run that grows is kept anew this often. */
const KEPT_EVERY_MS = 30_000;

export interface Seen {
  /** When the service said this, milliseconds since 1970. */
  atMs: number;
  detail: RunDetail;
  drawn: Drawn;
}

interface Kept {
  build: string;
  atMs: number;
  detail: RunDetail;
  axis: Axis;
  extent: Range;
  curves: CurveView[];
}

/** What was seen last of this run; null if that was another one, another version kept it, or there is no storage. */
export function recallSeen(run: string): Seen | null {
  try {
    const text = localStorage.getItem(NAME);
    const kept = text === null ? null : (unpack(text) as Kept);
    if (!kept || kept.build !== BUILD || kept.detail.row.key !== run) return null;
    const { atMs, detail, axis, extent } = kept;
    // Asked of nobody in this session: the service is asked for all of it.
    return { atMs, detail, drawn: { run, axis, extent, curves: new Map(kept.curves.map((curve) => [curve.key, curve])), asked: new Map() } };
  } catch {
    return null;
  }
}

/**
 * Keeps what `read` gives in place of what was kept before: some time after each `ask`, when the window has nothing else to do, so that it
 * outlives a kill, and when the window is closed, if there is still time to write it then.
 */
export function keeper(read: () => Seen | null): OneAtATime {
  const keep = (): void => {
    const seen = read();
    if (seen) keepSeen(seen);
  };
  addEventListener('pagehide', keep);
  const work = async (): Promise<void> => {
    await after(SETTLED_MS);
    await new Promise((resolve) => requestIdleCallback(resolve));
    keep();
  };
  return oneAtATime(work, () => after(KEPT_EVERY_MS));
}

/** Keeps what is seen of a run, its main curves only, in place of what was kept before. */
export function keepSeen({ atMs, detail, drawn }: Seen): void {
  const curves = mainSeries(detail).flatMap(({ key }) => drawn.curves.get(key) ?? []);
  try {
    const text = pack({ build: BUILD, atMs, detail, axis: drawn.axis, extent: drawn.extent, curves } satisfies Kept);
    if (text.length > MOST) forgetSeen();
    else localStorage.setItem(NAME, text);
  } catch {
    // Without storage a start waits for the service.
  }
}

/** Nothing is shown before the service answers: the run is gone. */
export function forgetSeen(): void {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // There was nothing kept either.
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
