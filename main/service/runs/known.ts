/** A source as it was when it was read: its row, and its series, which a start reads only of the runs that are shown first. */
import type { SeriesRow, ShownSource, Store } from '../store/store.ts';
import type { RunSource } from './assemble.ts';
import type { Assignment, Grouped } from './group.ts';

export class KnownSource implements Grouped {
  readonly row: ShownSource;
  readonly configOnly: boolean;
  readonly #read: (row: ShownSource) => SeriesRow[];
  #series: SeriesRow[] | null = null;

  constructor(row: ShownSource, configOnly: boolean, read: (row: ShownSource) => SeriesRow[]) {
    this.row = row;
    this.configOnly = configOnly;
    this.#read = read;
  }

  get id(): number {
    return this.row.id;
  }

  get path(): string {
    return this.row.path;
  }

  get format(): string {
    return this.row.format;
  }

  get series(): SeriesRow[] {
    return (this.#series ??= this.#read(this.row));
  }
}

/** A known source as part of a run. */
export class AssignedSource implements RunSource {
  readonly assignment: Assignment;
  readonly #known: KnownSource;

  constructor(known: KnownSource, assignment: Assignment) {
    this.#known = known;
    this.assignment = assignment;
  }

  get row(): ShownSource {
    return this.#known.row;
  }

  get series(): SeriesRow[] {
    return this.#known.series;
  }
}

/** The series of so many sources are read one by one, which takes as long as all at once for some hundred sources. */
const FEW = 64;

/** Reads the series of a root's sources as they are asked for: of the first few one by one, then of all at once. */
export function seriesAsAsked(store: Pick<Store, 'series' | 'seriesOfRoot'>, rootId: number): (row: ShownSource) => SeriesRow[] {
  let asked = 0;
  let all: Map<number, SeriesRow[]> | null = null;
  return ({ id }) => {
    asked += 1;
    if (asked <= FEW) return store.series(id);
    all ??= store.seriesOfRoot(rootId);
    return all.get(id) ?? [];
  };
}
