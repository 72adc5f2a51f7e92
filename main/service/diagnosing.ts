/**
 * Diagnoses runs: at a new eval at once, at other growth seldom (diagnosisQueue.ts), long runs in a thread of their own. Diagnoses are stored
 * with a stamp of what they were made from, so that a folder opened again shows them without computing.
 */
import { steadyMs, type Clock } from './clock.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { diagnosedOf, hasAll, inputOf, RULES, stampOf } from './diagnosedRun.ts';
import { openDiagnoses } from './diagnoses.ts';
import { openDiagnosisQueue } from './diagnosisQueue.ts';
import type { GpuInput, RunInput } from './diagnose/input.ts';
import type { Run } from './runs/catalogue.ts';
import { isLong, openLongDiagnosis } from './longDiagnosis.ts';
import { withShortGap } from './runs/gapCurve.ts';
import type { Diagnosed } from './runs/input.ts';
import { RunGone } from './runGone.ts';
import { glanceOf, stateOf, type Glance } from './runs/rows.ts';
import { openSeedFamilies, placeIn, type SeedFamilies } from './seedFamilies.ts';
import { codeOf } from './store/errors.ts';
import type { Store } from './store/store.ts';
import { isStoreTrouble } from './tail/storage.ts';
import { openUrgencies } from './urgency.ts';

/** Diagnoses of so long are written together, in milliseconds. */
const WRITE_MS = 250;

export interface Diagnosing {
  /** The newest diagnosis that was made, perhaps a little older than the points; null if there is none yet. Reads the database. */
  latest(key: string): Diagnosis | null;
  /** What its row shows of it: at hand. */
  glance(key: string): Glance | null;
  /**
   * Diagnoses now if there is no diagnosis yet, an eval is new, or the last one is old; of a long run that has one the last is shown until the
   * next is made. While the folder is being read, what the last session left is given as it is: whether it still holds is to be looked at then.
   * Rejects if the run went meanwhile.
   */
  now(run: Run): Promise<Diagnosis>;
  /** Asks for a diagnosis soon: at once if an eval or a non-finite value is new, else when it is due. */
  want(run: Run): void;
  forget(key: string): void;
  close(): void;
}

export interface DiagnosingSources {
  find(key: string): Run | null;
  /** True until the folder of the run has been read to its end. */
  isLoading(run: Run): boolean;
  /** Samples of the GPUs that the run computes on. */
  machineOf(run: Run, nowMs: number): GpuInput[];
  onDiagnosed(run: Run, diagnosis: Diagnosis): void;
}

type Diagnose = (run: RunInput) => Diagnosis;

/** `onDiagnosed` is told of every diagnosis that was made anew (not of those read from the store). */
export function openDiagnosing(store: Store, clock: Clock, { onDiagnosed, find, isLoading, machineOf }: DiagnosingSources): Diagnosing {
  const diagnoses = openDiagnoses(store);
  const long = openLongDiagnosis(store, clock);
  /** Long runs that are being diagnosed. */
  const apart = new Map<string, Promise<void>>();
  /** What could not be diagnosed is tried again once something behind it has changed. */
  const failures = new Map<string, { stamp: string; error: Error }>();
  const urgencies = openUrgencies(clock);
  const queue = openDiagnosisQueue({ clock, urgencies, loading: () => (diagnose ? null : loadRules()), diagnose: renewUnasked, usualMs: () => usualMs });
  let cancelWrite: (() => void) | null = null;
  /** Running mean of what one diagnosis takes. */
  let usualMs = 0;
  /** The rules, a quarter of the service's program, are loaded with the first run that is to be diagnosed: rows and curves come before. */
  let diagnose: Diagnose | null = null;
  /** Made of all diagnoses with the first that is made anew. */
  let families: SeedFamilies | null = null;
  let closed = false;

  async function loadRules(): Promise<Diagnose> {
    return (diagnose ??= (await import('./diagnose/diagnose.ts')).diagnose);
  }

  function seeds(): SeedFamilies {
    if (families) return families;
    const all = openSeedFamilies();
    for (const [key, { place, d }] of diagnoses.all()) all.put(key, place, d);
    return (families = all);
  }

  /** Diagnoses the run if anything behind its last diagnosis has changed; a long one resolves later. */
  function renew(run: Run, rules: Diagnose): Promise<void> | null {
    const begun = apart.get(run.key);
    if (begun) return begun;
    let stamp = '';
    try {
      const otherSeeds = seeds().others(run.key, placeIn(run));
      stamp = stampOf(run, stateOf(run, clock.wall()), otherSeeds);
      urgencies.begin(run);
      if (diagnoses.kept(run.key)?.stamp === stamp) return null;
      const before = failures.get(run.key);
      if (before?.stamp === stamp) return Promise.reject(before.error);
      const beside = besideOf(run, otherSeeds);
      const diagnosed = diagnosedOf(run, clock.wall());
      if (isLong(diagnosed)) return renewApart(run, diagnosed, long.diagnose(diagnosed, beside), stamp);
      const began = steadyMs();
      const input = store.read(() => inputOf(run, store, clock.wall()));
      keep(run, withShortGap(rules({ ...input, ...beside })), stamp);
      const tookMs = steadyMs() - began;
      urgencies.end(run.key, tookMs);
      usualMs += (tookMs - usualMs) / 10;
      return null;
    } catch (cause) {
      return Promise.reject(failed(run, stamp, cause as Error));
    }
  }

  function besideOf(run: Run, otherSeeds: number[]): Pick<RunInput, 'otherSeeds' | 'machine'> {
    const machine = machineOf(run, clock.wall());
    return machine.length > 0 ? { otherSeeds, machine } : { otherSeeds };
  }

  /** One run that the rules cannot cope with is said so; all others go on. */
  function failed(run: Run, stamp: string, cause: Error): Error {
    const error = new Error(`This run could not be diagnosed: ${cause.message}`, { cause });
    // What ails the disk or the database passes without a change of the run.
    if (codeOf(cause) === '' && !isStoreTrouble(cause)) failures.set(run.key, { stamp, error });
    if (!closed && find(run.key)) process.stderr.write(`gapwatch: ${run.folder}: ${error.message}\n`);
    return error;
  }

  /** One at a time of each run; what arrived meanwhile is looked at again. */
  function renewApart(run: Run, from: Diagnosed, made: Promise<Diagnosis>, stamp: string): Promise<void> {
    const began = steadyMs();
    const kept = made
      .then(
        (diagnosis) => {
          const current = closed ? null : find(run.key);
          // Of a log that was started anew meanwhile it says nothing.
          if (current && hasAll(current, from)) keep(current, diagnosis, stamp);
        },
        (cause: Error) => {
          throw failed(run, stamp, cause);
        },
      )
      .finally(() => {
        apart.delete(run.key);
        urgencies.end(run.key, steadyMs() - began);
        const current = closed ? null : find(run.key);
        if (current) queue.want(current);
      });
    apart.set(run.key, kept);
    return kept;
  }

  function keep(run: Run, diagnosis: Diagnosis, stamp: string): void {
    const { d } = diagnosis.gap;
    const place = placeIn(run);
    seeds().put(run.key, place, d);
    diagnoses.keep(run.key, { rules: RULES, stamp, place, d, ...glanceOf(diagnosis, run) }, diagnosis);
    cancelWrite ??= clock.after(WRITE_MS, write);
    onDiagnosed(run, diagnosis);
  }

  /** Nobody waits for it: a failure was said where a developer looks. */
  function renewUnasked(key: string): void {
    const run = find(key);
    if (run && diagnose) renew(run, diagnose)?.catch(() => undefined);
  }

  function write(): void {
    cancelWrite = null;
    diagnoses.write();
  }

  async function now(run: Run): Promise<Diagnosis> {
    const rules = isDue(run) ? await loadRules() : null;
    const current = find(run.key);
    if (!current) throw new RunGone();
    if (rules && isDue(current)) {
      if (diagnoses.kept(run.key)) renewUnasked(run.key);
      else await renew(current, rules);
      if (closed || !find(run.key)) throw new RunGone();
    }
    // Its log was started anew while the former one was diagnosed.
    if (!diagnoses.kept(run.key)) return now(run);
    return diagnoses.whole(run.key) as Diagnosis;
  }

  function isDue(run: Run): boolean {
    const kept = diagnoses.kept(run.key);
    if (kept?.rules === RULES && !urgencies.has(run) && isLoading(run)) return false;
    return !kept || ((urgencies.isUrgent(run) || urgencies.isOld(run)) && urgencies.isRested(run.key));
  }

  return {
    latest: diagnoses.whole,
    glance: diagnoses.kept,
    now,
    want: queue.want,
    forget(key) {
      diagnoses.forget(key);
      families?.put(key, null, null);
      urgencies.forget(key);
      failures.delete(key);
    },
    close() {
      closed = true;
      long.close();
      queue.close();
      cancelWrite?.();
      diagnoses.write();
    },
  };
}
