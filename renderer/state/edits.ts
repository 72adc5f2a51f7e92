/** What the user writes about the open run: checklist, note, corrected series. Shown at once, then kept by main. */
import type { Bridge, RemedyState, RunDetail, SeriesView } from '../../preload/contract.ts';
import { ask } from './ask.ts';
import type { Notices } from './notices.svelte.ts';
import type { Shown } from './shown.svelte.ts';

export class Edits {
  readonly #bridge: Bridge;
  readonly #notices: Notices;
  readonly #shown: Shown;

  constructor(bridge: Bridge, notices: Notices, shown: Shown) {
    this.#bridge = bridge;
    this.#notices = notices;
    this.#shown = shown;
  }

  /** Sets a remedy's state and note. Where main refuses, the checklist is as it was. */
  async setRemedy(remedy: string, state: RemedyState, note: string): Promise<void> {
    const { run, detail } = this.#shown;
    if (run === null || !detail) return;
    const changed = (item: RunDetail['remedies'][number]) => (item.id === remedy ? { ...item, state, note, changedAtMs: Date.now() } : item);
    this.#shown.detail = { ...detail, remedies: detail.remedies.map(changed) };
    const remedies = await this.#notices.attempt(() => ask(this.#bridge, 'setRemedy', { run, remedy, state, note }));
    if (this.#shown.run === run && this.#shown.detail) this.#shown.detail = { ...this.#shown.detail, remedies: remedies ?? detail.remedies };
  }

  async setNote(note: string): Promise<void> {
    const { run, detail } = this.#shown;
    if (run === null || !detail || detail.note === note) return;
    this.#shown.detail = { ...detail, note };
    await this.#notices.attempt(() => ask(this.#bridge, 'setNote', run, note));
  }

  /** Corrects what a series is taken for; null goes back to the guess. */
  async correctSeries(series: string, metric: string | null, split: SeriesView['split']): Promise<void> {
    const { run } = this.#shown;
    if (run === null) return;
    await this.#notices.attempt(() => ask(this.#bridge, 'correctSeries', { run, series, metric, split }));
    await this.#shown.refreshNow();
  }
}
