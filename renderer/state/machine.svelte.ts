/** What the machine did over a stretch of time: for the machine view, and for the strip under a run's charts. */
import { untrack } from 'svelte';
import type { Bridge, MachineView } from '../../preload/contract.ts';
import { ask } from './ask.ts';
import { oneAtATime } from './one-at-a-time.ts';

export const SPANS = [
  { id: '10m', ms: 600_000 },
  { id: '1h', ms: 3_600_000 },
  { id: '6h', ms: 21_600_000 },
  { id: '24h', ms: 86_400_000 },
] as const;
export type SpanId = (typeof SPANS)[number]['id'];

const EVERY_MS = 2000;

export interface Window {
  fromMs: number;
  toMs: number;
}

/** Machine samples over a window of time that may move; asked for anew every two seconds while it is followed. */
export class MachineTrack {
  view = $state.raw<MachineView | null>(null);
  /** The window that `view` answers. */
  window = $state.raw<Window | null>(null);
  readonly #bridge: Bridge;
  #wanted: { window: () => Window; buckets: number } | null = null;
  readonly #queue = oneAtATime(
    () => this.#fetch(),
    () => Promise.resolve(),
  );

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Shows a window; `live` asks again every two seconds. Returns the way to stop. */
  follow(window: () => Window, buckets: number, live: boolean): () => void {
    this.#wanted = { window, buckets };
    // Called from effects: what the window reads must not make them run again.
    untrack(() => this.#queue.ask());
    if (!live) return () => undefined;
    const timer = setInterval(() => {
      if (!document.hidden) this.#queue.ask();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }

  async #fetch(): Promise<void> {
    if (!this.#wanted) return;
    const window = this.#wanted.window();
    const buckets = Math.max(1, Math.min(5000, Math.round(this.#wanted.buckets)));
    try {
      this.view = await ask(this.#bridge, 'machine', { from: window.fromMs, to: window.toMs, buckets });
      this.window = window;
    } catch {
      // The machine is a side matter: its strip stays as it was, and the run goes on.
    }
  }
}
