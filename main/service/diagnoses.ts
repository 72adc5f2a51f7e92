/**
 * Diagnoses as they are kept. What the rows of runs show of them is in memory, once it was asked for; a whole diagnosis, which may hold the
 * gap at each of thousands of evals, is read when somebody looks at its run: a folder of hundreds of runs would else take seconds to open.
 */
import type { Diagnosis } from './diagnose/diagnosis.ts';
import type { SeedPlace } from './diagnose/seeds.ts';
import type { Glance } from './runs/rows.ts';
import { codeOf } from './store/errors.ts';
import type { Store } from './store/store.ts';
import { isStoreTrouble } from './tail/storage.ts';

/** What is at hand of the diagnosis of every run. */
export interface Kept extends Glance {
  /** Version of the rules that made it; undefined for an old one. */
  rules?: number;
  /** What the diagnosis was made from. */
  stamp: string;
  /** Where the run stands among runs of other seeds, and its gap. */
  place: SeedPlace | null;
  d: number | null;
}

export interface Diagnoses {
  /** null if there is none. */
  kept(key: string): Kept | null;
  /** Of all runs, by key. */
  all(): Iterable<[key: string, kept: Kept]>;
  /** null if there is none. */
  whole(key: string): Diagnosis | null;
  /** Shown from now on; written by the next `write`. */
  keep(key: string, kept: Kept, diagnosis: Diagnosis): void;
  /**
   * Writes what was kept since, in one transaction: hundreds of growing runs are diagnosed in turn. What cannot be written, because the disk
   * is full, read-only or failing, is shown all the same, and tried again with the next; what was not written is made anew after the next start.
   */
  write(): void;
  /** Deleted at once, or, as above, with the next `write`. */
  forget(key: string): void;
}

/** So many whole diagnoses stay in memory: those of the runs that are compared, and of some that were looked at before. */
const MOST_WHOLE = 16;
/** Of so many runs the rows are asked for one by one; those of more are read at once. */
const FEW = 100;

export function openDiagnoses({ documents, transaction }: Pick<Store, 'documents' | 'transaction'>): Diagnoses {
  /** Those that were asked for, null where there is none: the first rows of a start are a few of thousands. */
  const known = new Map<string, Kept | null>();
  let allKnown = false;
  /** The one that was asked for last comes last. */
  const whole = new Map<string, Diagnosis>();
  /** Each with a glance; null for what is to be deleted. */
  const unwritten = new Map<string, Diagnosis | null>();

  function hold(key: string, diagnosis: Diagnosis): Diagnosis {
    whole.delete(key);
    whole.set(key, diagnosis);
    for (const [oldest] of whole) {
      if (whole.size <= MOST_WHOLE) break;
      whole.delete(oldest);
    }
    return diagnosis;
  }

  function kept(key: string): Kept | null {
    if (!known.has(key) && known.size >= FEW) readAll();
    if (!known.has(key)) known.set(key, allKnown ? null : documents.get<Kept>('glance', key));
    return known.get(key) ?? null;
  }

  function readAll(): void {
    if (allKnown) return;
    for (const { key, value } of documents.all<Kept>('glance')) if (!known.has(key)) known.set(key, value);
    allKnown = true;
  }

  function write(): void {
    if (unwritten.size === 0) return;
    try {
      transaction(() => unwritten.forEach(put));
      unwritten.clear();
    } catch (error) {
      if (!isStoreTrouble(error) && codeOf(error) === '') throw error;
    }
  }

  function put(diagnosis: Diagnosis | null, key: string): void {
    if (diagnosis) {
      documents.set('glance', key, kept(key));
      documents.set('diagnosis', key, diagnosis);
    } else {
      documents.delete('glance', key);
      documents.delete('diagnosis', key);
    }
  }

  function* all(): Generator<[string, Kept]> {
    readAll();
    for (const [key, value] of known) if (value) yield [key, value];
  }

  return {
    kept,
    all,
    whole(key) {
      // Without its glance it is of a former version.
      if (!kept(key)) return null;
      const found = unwritten.get(key) ?? whole.get(key) ?? documents.get<Diagnosis>('diagnosis', key);
      return found && hold(key, found);
    },
    keep(key, glance, diagnosis) {
      known.set(key, glance);
      hold(key, diagnosis);
      unwritten.set(key, diagnosis);
    },
    write,
    forget(key) {
      known.set(key, null);
      whole.delete(key);
      unwritten.set(key, null);
      write();
    },
  };
}
