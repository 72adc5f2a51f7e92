/** A run put together from its sources. A class, and little of it made before somebody asks: hundreds of runs open at once. */
import type { ConfigValue } from '../formats/format.ts';
import { assembleRun, type Corrections, type RunSeries, type RunSource } from './assemble.ts';
import type { Run } from './catalogue.ts';
import type { ValueAt } from './copies.ts';
import { joinedConfig } from './input.ts';

/** What is asked for once for all runs of a root: the user's words on its series, and the configuration of its sources. */
export interface Root {
  rootId: number;
  words: Corrections;
  config(sourceId: number): ReadonlyMap<string, ConfigValue>;
}

export class AssembledRun implements Run {
  readonly key: string;
  readonly rootId: number;
  readonly folder: string;
  sources: RunSource[];
  readonly config: ReadonlyMap<string, ConfigValue>;
  readonly facts: ReadonlyMap<string, string | number>;
  readonly version: number;
  readonly #assemble: () => RunSeries[];
  #series: RunSeries[] | null;

  constructor(key: string, folder: string, members: RunSource[], { rootId, words, config }: Root, version: number, valueAt: ValueAt) {
    this.key = key;
    this.rootId = rootId;
    this.folder = folder;
    this.sources = members;
    this.config = joinedConfig(members.map(({ row }) => ({ format: row.format, config: config(row.id) })));
    this.facts = joinedFacts(members);
    this.version = version;
    this.#assemble = () => assembleRun(members, words, valueAt);
    // Copies are told from their originals by points as they are now. A single source has none.
    this.#series = members.length > 1 ? this.#assemble() : null;
  }

  get series(): RunSeries[] {
    return (this.#series ??= this.#assemble());
  }
}

function joinedFacts(members: readonly RunSource[]): Map<string, string | number> {
  const facts = new Map<string, string | number>();
  for (const { row } of members) for (const name in row.facts) facts.set(name, row.facts[name]!);
  return facts;
}
