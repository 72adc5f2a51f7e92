/**
 * When which run is diagnosed: at a new eval at once, at other growth seldom, one run between two turns of the event loop; long runs in a thread
 * of their own. Diagnoses are stored with a stamp of what they were made from, so that a folder opened again shows them without computing.
 */
import { steadyMs, type Clock } from './clock.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { diagnosedOf, inputOf, RULES, stampOf } from './diagnosedRun.ts';
import { openDiagnoses } from './diagnoses.ts';
import type { GpuInput, RunInput } from './diagnose/input.ts';
import type { Run } from './runs/catalogue.ts';
import { isLong, openLongDiagnosis } from './longDiagnosis.ts';
import { withShortGap } from './runs/gapCurve.ts';
import { RunGone } from './runGone.ts';
import { glanceOf, stateOf, type Glance } from './runs/rows.ts';
import { openSeedFamilies, placeIn, type SeedFamilies } from './seedFamilies.ts';
import { codeOf } from './store/errors.ts';
import type { Store } from './store/store.ts';
import { isStoreTrouble } from './tail/storage.ts';
import { openUrgencies, SELDOM_MS, type Last } from './urgency.ts';

/** Part of the time that diagnosing again what only grew may take; with hundreds of growing runs it comes round less often, at least this often. */
const SHARE = 1 / 120;
const SELDOMEST_MS = 60_000;
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
  const queue = new Set<string>();
  let cancel: (() => void) | null = null;
  let cancelLate: (() => void) | null = null;
  let cancelWrite: (() => void) | null = null;
  const late = new Set<string>();
  let lateAt = -Infinity;
  /** Running mean of what one diagnosis takes. */
  let usualMs = 0;
  /** The rules, a quarter of the service's program, are loaded with the first run that is to be diagnosed: rows and curves come before. */
  let diagnose: Diagnose | null = null;
  let closed = false;

  /** Made of all diagnoses with the first that is made anew. */
  let families: SeedFamilies | null = null;

  async function loadRules(): Promise<Diagnose> {
    return (diagnose ??= (await import('./diagnose/diagnose.ts')).diagnose);
  }

  function seeds(): SeedFamilies {
    if (families) return families;
    families = openSeedFamilies();
    for (const [key, { place, d }] of diagnoses.all()) families.put(key, place, d);
    return families;
  }

  /** Diagnoses the run if anything behind its last diagnosis has changed; a long one resolves later. */
  function renew(run: Run, rules: Diagnose): Promise<void> | null {
    const begun = apart.get(run.key);
    if (begun) return begun;
    const place = placeIn(run);
    const otherSeeds = seeds().others(run.key, place);
    const stamp = stampOf(run, stateOf(run, clock.wall()), otherSeeds);
    const last = urgencies.begin(run);
    if (diagnoses.kept(run.key)?.stamp === stamp) return null;
    const before = failures.get(run.key);
    if (before?.stamp === stamp) return Promise.reject(before.error);
    const machine = machineOf(run, clock.wall());
    const beside = { otherSeeds, ...(machine.length > 0 ? { machine } : {}) };
    const diagnosed = diagnosedOf(run, clock.wall());
    if (isLong(diagnosed)) return renewApart(run, long.diagnose(diagnosed, beside), stamp, last);
    const began = steadyMs();
    try {
      const input = store.read(() => inputOf(run, store, clock.wall()));
      keep(run, withShortGap(rules({ ...input, ...beside })), stamp);
    } catch (cause) {
      return Promise.reject(failed(run, stamp, cause as Error));
    }
    last.tookMs = steadyMs() - began;
    usualMs += (last.tookMs - usualMs) / 10;
    return null;
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
  function renewApart(run: Run, made: Promise<Diagnosis>, stamp: string, last: Last): Promise<void> {
    const began = steadyMs();
    const kept = made
      .then(
        (diagnosis) => {
          const current = closed ? null : find(run.key);
          if (current) keep(current, diagnosis, stamp);
        },
        (cause: Error) => {
          throw failed(run, stamp, cause);
        },
      )
      .finally(() => {
        apart.delete(run.key);
        last.tookMs = steadyMs() - began;
        last.atMs = clock.steady() - last.tookMs;
        const current = closed ? null : find(run.key);
        if (current) want(current);
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
  function renewUnasked(run: Run, rules: Diagnose): void {
    renew(run, rules)?.catch(() => undefined);
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
      if (diagnoses.kept(run.key)) renewUnasked(current, rules);
      else await renew(current, rules);
      if (!find(run.key)) throw new RunGone();
    }
    return diagnoses.whole(run.key) as Diagnosis;
  }

  function isDue(run: Run): boolean {
    const kept = diagnoses.kept(run.key);
    if (kept?.rules === RULES && !urgencies.has(run) && isLoading(run)) return false;
    return !kept || ((urgencies.isUrgent(run) || urgencies.isOld(run)) && urgencies.isRested(run));
  }

  function turn(): void {
    cancel = null;
    if (!diagnose) return void loadRules().then(next);
    const [key] = queue;
    if (key === undefined) return;
    queue.delete(key);
    const run = find(key);
    if (run) renewUnasked(run, diagnose);
    if (queue.size > 0) next();
  }

  function next(): void {
    if (!closed) cancel ??= clock.after(0, turn);
  }

  function lateTurn(): void {
    cancelLate = null;
    const early = lateAt + Math.min(SELDOMEST_MS, (late.size * usualMs) / SHARE) - clock.steady();
    if (early > 0) {
      cancelLate = clock.after(early, lateTurn);
      return;
    }
    lateAt = clock.steady();
    for (const key of late) queue.add(key);
    late.clear();
    next();
  }

  function want(run: Run): void {
    if (urgencies.isUrgent(run) && urgencies.isRested(run)) {
      queue.add(run.key);
      next();
    } else {
      late.add(run.key);
      cancelLate ??= clock.after(SELDOM_MS, lateTurn);
    }
  }

  return {
    latest: diagnoses.whole,
    glance: diagnoses.kept,
    now,
    want,
    forget(key) {
      diagnoses.forget(key);
      families?.put(key, null, null);
      urgencies.forget(key);
      failures.delete(key);
    },
    close() {
      closed = true;
      long.close();
      cancel?.();
      cancelLate?.();
      cancelWrite?.();
      diagnoses.write();
    },
  };
}
