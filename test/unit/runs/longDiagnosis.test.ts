import { afterEach, expect, test, vi } from 'vitest';
import { inputOf } from '../../../main/service/diagnosedRun.ts';
import { openDiagnosing } from '../../../main/service/diagnosing.ts';
import type { Diagnosis } from '../../../main/service/diagnose/diagnosis.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import { isLong, openLongDiagnosis, SLICE } from '../../../main/service/longDiagnosis.ts';
import { openCatalogue, type Run } from '../../../main/service/runs/catalogue.ts';
import { withShortGap } from '../../../main/service/runs/gapCurve.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { longestHold, threadMs } from '../../held.ts';
import { commit, store } from '../store/places.ts';

const EVALS = 3000;
const STEPS = 60_000;
const NOW = 1.7e12;
// Hundreds of milliseconds of computing, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 30_000 });
const clock = { wall: () => NOW, steady: () => 0, after: () => () => undefined };
const closing: { close(): void }[] = [];
afterEach(() => closing.splice(0).forEach((each) => each.close()));

/** A run whose validation loss comes to lie below, with a resume and values that are not finite. */
function longRun(kept: Store) {
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/log.csv', 'csv');
  kept.commit([
    commit(source.id, 1, (b) => {
      const [train, val, norm] = [b.series('train_loss'), b.series('val_loss'), b.series('grad_norm')];
      for (let i = 0; i < STEPS; i += 1) {
        const step = i < 35_000 ? i : i - 2500;
        const loss = 2 * Math.exp(-step / 15_000) + 0.3 + 0.05 * Math.sin(i * 12.9);
        b.point(train, step, NaN, 1.7e9 + i, loss);
        b.point(norm, step, NaN, 1.7e9 + i, i % 25_000 === 7 ? NaN : 1 + Math.sin(i * 7.1) / 4);
        if ((i + 1) % (STEPS / EVALS) === 0) b.point(val, step, NaN, 1.7e9 + i, loss * (step < 20_000 ? 1 : 0.8));
      }
    }),
  ]);
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  /** A line more, or as the only one. */
  function log(mode: 'append' | 'generation'): void {
    kept.commit([commit(source.id, 2, (b) => b.point(b.series('train_loss'), STEPS, NaN, 1.7e9 + STEPS, 1), { mode })]);
    catalogue.reload(rootId);
  }

  function forget(): void {
    kept.removeRoot(rootId);
    catalogue.reload(rootId);
  }

  return { find: catalogue.run, run: catalogue.runs()[0]!, forget, log };
}

/** A clock that stands still, and whose timers go off when the test says so. */
function timer() {
  let due: (() => void)[] = [];
  return {
    now: 0,
    wall: () => NOW,
    steady() { return this.now; },
    after(_ms: number, work: () => void) {
      due.push(work);
      return () => void (due = due.filter((other) => other !== work));
    },
    fire: () => due.splice(0).forEach((work) => work()),
  };
}

function shortRun(kept: Store) {
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/log.csv', 'csv');
  kept.commit([commit(source.id, 1, (b) => b.point(b.series('train_loss'), 1, NaN, NaN, 1))]);
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  return { find: catalogue.run, run: catalogue.runs()[0]! };
}

function diagnosed(run: Run) {
  return { series: run.series, formats: ['csv'], config: run.config, facts: run.facts, state: 'unknown' as const, now: NOW / 1000, lastByteAt: null };
}

test('a long run is diagnosed as in this thread, which reads it in slices and is free between them', async () => {
  const kept = store();
  const { run } = longRun(kept);
  expect(isLong(run)).toBe(true);
  const input = { ...inputOf(run, kept, NOW), formats: ['csv'], state: 'unknown' as const, lastByteAt: null };
  const began = threadMs();
  const here = withShortGap(diagnose(input));
  const blocked = threadMs() - began;
  const slices: number[] = [];
  const addPoints: Store['addPoints'] = (into, id, from, to) => {
    const before = into.length;
    kept.addPoints(into, id, from, to);
    slices.push(into.length - before);
  };
  const long = openLongDiagnosis({ addPoints }, clock);
  closing.push(long);
  let apart = here;
  const longest = await longestHold(async () => (apart = await long.diagnose(diagnosed(run), {})));
  expect(apart).not.toBe(here);
  expect(apart).toEqual(here);
  expect(apart.gap.state).toBe('val-below');
  expect(Math.max(...slices)).toBeLessThanOrEqual(SLICE);
  expect(slices.reduce((sum, length) => sum + length)).toBe(2 * STEPS + EVALS);
  // About a tenth; computing here would be 1.
  expect(longest / blocked).toBeLessThan(0.5);
});

test('the service shows the diagnosis of a long run once it is made, and says that a run is gone that went meanwhile', async () => {
  const kept = store();
  const { run, find, forget } = longRun(kept);
  let told = 0;
  const diagnosing = openDiagnosing(kept, clock, { find, isLoading: () => false, machineOf: () => [], onDiagnosed: () => (told += 1) });
  closing.push(diagnosing);
  const [first, second] = await Promise.all([diagnosing.now(run), diagnosing.now(run)]);
  // Those that the resume superseded are left out.
  expect(first.gap).toMatchObject({ state: 'val-below', evals: EVALS - 125 });
  expect(second).toBe(first);
  expect(told).toBe(1);
  diagnosing.forget(run.key);
  const asked = diagnosing.now(run);
  forget();
  diagnosing.forget(run.key);
  await expect(asked).rejects.toThrow('This run is not there any more.');
  expect(told).toBe(1);
});

test.each(['long', 'short'])('a %s run that cannot be diagnosed is said so, and not tried again before something is new', async (length) => {
  const kept = store();
  const { run, find } = length === 'long' ? longRun(kept) : shortRun(kept);
  let reads = 0;
  const fail = () => {
    reads += 1;
    throw new Error('no such chunk');
  };
  const timed = timer();
  const diagnosing = openDiagnosing({ ...kept, points: fail, addPoints: fail }, timed, { find, isLoading: () => false, machineOf: () => [], onDiagnosed: () => undefined });
  closing.push(diagnosing);
  await expect(diagnosing.now(run)).rejects.toThrow('This run could not be diagnosed: no such chunk');
  expect(reads).toBe(1);
  diagnosing.want(run);
  for (let round = 0; round < 20; round += 1) timed.fire();
  await expect(diagnosing.now(run)).rejects.toThrow('no such chunk');
  expect(reads).toBe(1);
});

test('a long run that grows is left alone for as long as its last diagnosis asks for', async () => {
  const kept = store();
  const { run, find, log } = longRun(kept);
  const timed = timer();
  let made: () => void = () => undefined;
  let told = 0;
  const onDiagnosed = () => { told += 1; made(); };
  const diagnosing = openDiagnosing(kept, timed, { find, isLoading: () => false, machineOf: () => [], onDiagnosed });
  closing.push(diagnosing);
  await diagnosing.now(run);
  log('append');
  diagnosing.want(find(run.key)!);
  for (let round = 0; round < 20; round += 1) timed.fire();
  const again = new Promise<void>((resolve) => (made = resolve));
  // The thread would have it by now if it had been asked.
  const other = openLongDiagnosis(kept, clock);
  closing.push(other);
  await other.diagnose(diagnosed(run), {});
  expect(told).toBe(1);
  timed.now += 3_600_000;
  for (let round = 0; round < 20; round += 1) timed.fire();
  await again;
  expect(told).toBe(2);
});

test('a diagnosis is not said of a log that was started anew while it was made', async () => {
  const kept = store();
  const { run, find, log } = longRun(kept);
  const said: Diagnosis[] = [];
  const diagnosing = openDiagnosing(kept, clock, { find, isLoading: () => false, machineOf: () => [], onDiagnosed: (_run, diagnosis) => said.push(diagnosis) });
  closing.push(diagnosing);
  const asked = diagnosing.now(run);
  // By then the rules are there, and the long run is being read.
  await import('../../../main/service/diagnose/diagnose.ts');
  await new Promise(setImmediate);
  log('generation');
  expect((await asked).gap.evals).toBe(0);
  expect(said).toHaveLength(1);
});

test('who waits for a long diagnosis when the service closes is told', async () => {
  const kept = store();
  const { run } = longRun(kept);
  const long = openLongDiagnosis(kept, clock);
  const asked = long.diagnose(diagnosed(run), {});
  long.close();
  await expect(asked).rejects.toThrow('The service is closing.');
});
