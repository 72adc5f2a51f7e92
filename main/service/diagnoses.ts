/**
 * Diagnoses as they are kept. What the rows of all runs show of them is in memory; a whole diagnosis, which may hold the gap at each of
 * thousands of evals, is read when somebody looks at its run: a folder of hundreds of runs would else take seconds to open.
 */
import type { Diagnosis } from './diagnose/diagnosis.ts';
import type { SeedPlace } from './diagnose/seeds.ts';
import type { Glance } from './runs/rows.ts';
import { codeOf } from './store/errors.ts';
import type { Store } from './store/store.ts';
import { isStoreTrouble } from './tail/storage.ts';

/** What is at hand of the diagnosis of every run. */
export interface Kept extends Glance {
  /** What the diagnosis was made from. */
  stamp: string;
  /** Where the run stands among runs of other seeds, and its gap. */
  place: SeedPlace | null;
  d: number | null;
}

export interface Diagnoses {
  /** By run key. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** null if there is none. */
  whole(key: string): Diagnosis | null;
  /** Shown from now on; written by the next `write`. */
  keep(key: string, kept: Kept, diagnosis: Diagnosis): void;
  /**
   * Writes what was kept since, in one transaction: hundreds of growing runs are diagnosed in turn. What cannot be written, because the disk
   * is full, read-only or failing, is shown all the same, and tried again with the next; what was not written is made anew after the next start.
   */
  write(): void;
  forget(key: string): void;
}

/** So many whole diagnoses stay in memory: those of the runs that are compared, and of some that were looked at before. */
const MOST_WHOLE = 16;

export function openDiagnoses({ documents, transaction }: Pick<Store, 'documents' | 'transaction'>): Diagnoses {
  const kept = new Map(documents.all<Kept>('glance').map(({ key, value }) => [key, value]));
  /** The one that was asked for last comes last. */
  const whole = new Map<string, Diagnosis>();
  /** Each with a glance. */
  const unwritten = new Map<string, Diagnosis>();

  function hold(key: string, diagnosis: Diagnosis): Diagnosis {
    whole.delete(key);
    whole.set(key, diagnosis);
    for (const [oldest] of whole) {
      if (whole.size <= MOST_WHOLE) break;
      whole.delete(oldest);
    }
    return diagnosis;
  }

  return {
    kept,
    whole(key) {
      // Without its glance it is of a former version.
      if (!kept.has(key)) return null;
      const found = unwritten.get(key) ?? whole.get(key) ?? documents.get<Diagnosis>('diagnosis', key);
      return found && hold(key, found);
    },
    keep(key, glance, diagnosis) {
      kept.set(key, glance);
      hold(key, diagnosis);
      unwritten.set(key, diagnosis);
    },
    write() {
      if (unwritten.size === 0) return;
      try {
        transaction(() => {
          for (const [key, diagnosis] of unwritten) {
            documents.set('glance', key, kept.get(key));
            documents.set('diagnosis', key, diagnosis);
          }
        });
        unwritten.clear();
      } catch (error) {
        if (!isStoreTrouble(error) && codeOf(error) === '') throw error;
      }
    },
    forget(key) {
      kept.delete(key);
      whole.delete(key);
      unwritten.delete(key);
      transaction(() => {
        documents.delete('glance', key);
        documents.delete('diagnosis', key);
      });
    },
  };
}
