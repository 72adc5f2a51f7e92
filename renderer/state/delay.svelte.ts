/** How long it takes until what was appended to a log is painted. */
import { afterPaint } from './frames.ts';
import { recentMedian } from './recent-median.ts';

/** A longer delay is catching up (after sleep, on a slow mount), not watching. */
const LIVE_MS = 60_000;

export class Delay {
  /** Median delay from append to painted pixel of the latest appends that were watched; null before there are a few. */
  ms = $state<number | null>(null);
  readonly #medians = recentMedian();
  /** When the oldest byte was written that is not painted yet, ms since 1970; null if none is waited for. */
  #appendedAtMs: number | null = null;

  /** Bytes that were written at that time are to be painted. */
  appended(atMs: number): void {
    this.#appendedAtMs = Math.min(this.#appendedAtMs ?? Infinity, atMs);
  }

  /** What was appended is of no interest any more. */
  forget(): void {
    this.#appendedAtMs = null;
  }

  /** All that was appended so far is asked for now; returns what is to be called once it has been handed to the charts. */
  asked(): () => void {
    const atMs = this.#appendedAtMs;
    this.#appendedAtMs = null;
    return () => {
      if (atMs !== null) afterPaint(() => this.#painted(Math.max(0, Date.now() - atMs)));
    };
  }

  #painted(delayMs: number): void {
    if (delayMs < LIVE_MS) this.ms = this.#medians(delayMs);
  }
}
