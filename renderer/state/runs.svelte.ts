/** The runs list: rows as main sends them, what of it is shown and in which order. */
import type { Banner, Bridge, Events, Overview, RootView, RunRow, Totals } from '../../preload/contract.ts';
import { Alike, type Part } from './alike.ts';
import { ask } from './ask.ts';
import type { Clock } from './clock.svelte.ts';
import { asksForHidden, parseFilter } from './filter.ts';
import { groupRows, type Sort } from './grouping.ts';
import { recallOne, remember } from './remembered.ts';

const NOTHING: Totals = { points: 0, bytes: 0, runs: 0, problems: 0, strangers: 0, unseenAlerts: 0 };
export const SORTS = ['recent', 'name', 'verdict', 'gap', 'loss'] as const satisfies Sort[];
/** As many runs as one comparison takes. Beyond eight, colours come again, with a sign on the line and beside the name. */
export const MOST_COMPARED = 20;

export class Runs {
  loaded = $state(false);
  version = $state('');
  roots = $state.raw<RootView[]>([]);
  totals = $state.raw<Totals>(NOTHING);
  banners = $state.raw<Banner[]>([]);
  filterText = $state('');
  sort = $state<Sort>(recallOne('sort', SORTS));
  showHidden = $state(false);
  /** Keys chosen for comparison, in the order of choosing. */
  picked = $state.raw<string[]>([]);

  readonly #bridge: Bridge;
  readonly #clock: Clock;
  readonly #rows = new Map<string, RunRow>();
  readonly #alike = new Alike();
  #changes = $state(0);
  #numbers = $state.raw<ReadonlyMap<string, ReadonlyMap<string, number>>>(new Map());

  readonly filter = $derived(parseFilter(this.filterText, (id) => this.rootPath(id), (name) => this.#numbers.get(name)));
  readonly groups = $derived.by(() => {
    void this.#changes;
    const hiddenToo = this.showHidden || asksForHidden(this.filterText);
    const kept: RunRow[] = [];
    for (const row of this.#rows.values()) if ((hiddenToo || !row.hidden) && this.filter.test(row)) kept.push(row);
    return groupRows(kept, this.sort, this.#clock.minute);
  });
  /** Keys in the order of the list. */
  readonly order = $derived(this.groups.flatMap((group) => group.rows.map((row) => row.key)));
  /** False while the rows further down are still on their way. */
  readonly complete = $derived.by(() => {
    void this.#changes;
    return this.#rows.size >= this.totals.runs;
  });
  /** Nothing has been found so far, in no folder. */
  readonly none = $derived.by(() => {
    void this.#changes;
    return this.loaded && this.totals.runs === 0 && this.#rows.size === 0;
  });
  readonly running = $derived(this.roots.reduce((sum, root) => sum + root.running, 0));
  readonly hiddenCount = $derived.by(() => {
    void this.#changes;
    let hidden = 0;
    for (const row of this.#rows.values()) if (row.hidden) hidden++;
    return hidden;
  });

  constructor(bridge: Bridge, clock: Clock) {
    this.#bridge = bridge;
    this.#clock = clock;
  }

  /** Takes over all rows; with `first` those at the top of the list, the others come as changes. */
  load(overview: Overview, first = false): void {
    if (!first) this.#rows.clear();
    for (const row of overview.runs) this.#set(row);
    this.version = overview.version;
    this.roots = overview.roots;
    this.totals = overview.totals;
    this.loaded = true;
    this.#changes++;
  }

  /** Takes over several batches at once, so that the list is built anew once a frame. */
  apply(batches: Events['changed'][]): void {
    for (const batch of batches) {
      for (const row of batch.runs) this.#set(row);
      for (const key of batch.removed) this.#rows.delete(key);
      this.roots = batch.roots;
      this.totals = batch.totals;
    }
    if (this.picked.some((key) => !this.#rows.has(key))) this.picked = this.picked.filter((key) => this.#rows.has(key));
    this.#changes++;
  }

  /** The row of a key as it is now; undefined if there is none. */
  row(key: string | null): RunRow | undefined {
    void this.#changes;
    return key === null ? undefined : this.#rows.get(key);
  }

  /** The part of a run's name that tells it from others that look alike where they are cut; null where the ends do. */
  apart(name: string): Part | null {
    void this.#changes;
    return this.#alike.apart(name);
  }

  /** All rows, in no particular order. */
  all(): RunRow[] {
    void this.#changes;
    return [...this.#rows.values()];
  }

  /** Path of a root; '' if it is not known. */
  rootPath(id: number): string {
    return this.roots.find((root) => root.id === id)?.path ?? '';
  }

  /** Whether more than a hundredth of a root's logs is still to be read; at a usual start there is hardly anything. */
  isBeingRead(root: number): boolean {
    const progress = this.roots.find(({ id }) => id === root)?.progress;
    return progress != null && progress.bytesDone < progress.bytesTotal * 0.99;
  }

  /** Asks for what the conditions of the filter compare and no row holds. */
  async learn(names: readonly string[]): Promise<void> {
    const learnt = await Promise.all(names.map(async (name) => [name, new Map(await ask(this.#bridge, 'numbers', name))] as const));
    this.#numbers = new Map([...this.#numbers, ...learnt]);
  }

  setSort(sort: Sort): void {
    this.sort = sort;
    remember('sort', sort);
  }

  /** Adds a run to the comparison or takes it out; returns false where there is no room. */
  pick(key: string): boolean {
    if (this.picked.includes(key)) this.picked = this.picked.filter((other) => other !== key);
    else if (this.picked.length >= MOST_COMPARED) return false;
    else this.picked = [...this.picked, key];
    return true;
  }

  async setPinned(key: string, pinned: boolean): Promise<void> {
    this.#patch(key, { pinned });
    await ask(this.#bridge, 'setPinned', key, pinned);
  }

  async setHidden(key: string, hidden: boolean): Promise<void> {
    this.#patch(key, { hidden });
    await ask(this.#bridge, 'setHidden', key, hidden);
  }

  async setMuted(key: string, muted: boolean): Promise<void> {
    this.#patch(key, { muted });
    await ask(this.#bridge, 'mute', { run: key, muted });
  }

  #set(row: RunRow): void {
    if (this.#rows.get(row.key)?.name !== row.name) this.#alike.add(row.name);
    this.#rows.set(row.key, row);
  }

  /** Shows a choice at once; the next row from main has the last word. */
  #patch(key: string, change: Partial<RunRow>): void {
    const row = this.#rows.get(key);
    if (!row) return;
    this.#rows.set(key, { ...row, ...change });
    this.#changes++;
  }
}
