import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import type { Diagnosis } from '../../../main/service/diagnose/diagnosis.ts';
import { openDiagnoses, type Kept } from '../../../main/service/diagnoses.ts';
import { StoreFull } from '../../../main/service/store/errors.ts';
import { folder, store } from '../store/places.ts';

const empty = { formats: [], series: [], config: new Map(), state: 'finished' as const, planSteps: null, planEpochs: null, now: null, lastByteAt: null };

function made(sentence: string): { kept: Kept; diagnosis: Diagnosis } {
  const kept: Kept = { stamp: sentence, place: null, d: null, chip: { tone: 'healthy', word: 'Healthy' }, spark: [0.5] };
  return { kept, diagnosis: { ...diagnose(empty), sentence } };
}

test('opening reads nothing; each diagnosis is there when it is asked for', () => {
  const file = join(folder(), 'a.db');
  const first = openDiagnoses(store(file));
  for (let run = 0; run < 40; run += 1) {
    const { kept, diagnosis } = made(`sentence ${run}`);
    first.keep(`1:run${run}`, kept, diagnosis);
  }
  // More than are held in memory, first unwritten, then from the database.
  for (let run = 0; run < 40; run += 1) expect(first.whole(`1:run${run}`)?.sentence).toBe(`sentence ${run}`);
  first.write();
  for (let run = 0; run < 40; run += 1) expect(first.whole(`1:run${run}`)?.sentence).toBe(`sentence ${run}`);
  const again = store(file);
  const get = vi.spyOn(again.documents, 'get');
  const all = vi.spyOn(again.documents, 'all');
  const second = openDiagnoses(again);
  expect(all).not.toHaveBeenCalled();
  expect(get).not.toHaveBeenCalled();
  expect(second.kept('1:run7')).toEqual(made('sentence 7').kept);
  expect(get.mock.calls).toEqual([['glance', '1:run7']]);
  expect(second.whole('1:run7')).toEqual(JSON.parse(JSON.stringify(made('sentence 7').diagnosis)));
  second.forget('1:run7');
  expect(second.whole('1:run7')).toBeNull();
  expect(second.kept('1:run7')).toBeNull();
  expect(openDiagnoses(store(file)).kept('1:run7')).toBeNull();
});

test('rows of a few runs are read one by one, those of many at once, and what was kept or forgotten before stays so', () => {
  const file = join(folder(), 'a.db');
  const first = openDiagnoses(store(file));
  const key = (run: number): string => `1:run${String(run).padStart(3, '0')}`;
  for (let run = 0; run < 300; run += 1) {
    const { kept, diagnosis } = made(`sentence ${run}`);
    first.keep(key(run), kept, diagnosis);
  }
  first.write();
  const again = store(file);
  const get = vi.spyOn(again.documents, 'get');
  const all = vi.spyOn(again.documents, 'all');
  const second = openDiagnoses(again);
  const anew = made('anew');
  second.keep(key(0), anew.kept, anew.diagnosis);
  second.forget(key(1));
  for (let run = 2; run < 300; run += 1) expect(second.kept(key(run))?.stamp).toBe(`sentence ${run}`);
  expect(second.kept('1:never')).toBeNull();
  expect(get.mock.calls.length).toBeLessThanOrEqual(100);
  expect(all.mock.calls).toEqual([['glance']]);
  const stamps = new Map([...second.all()].map(([run, { stamp }]) => [run, stamp]));
  expect(stamps.size).toBe(299);
  expect(stamps.get(key(0))).toBe('anew');
  expect(stamps.has(key(1))).toBe(false);
});

test('a diagnosis of a former version, which has nothing for the row, counts as none', () => {
  const kept = store();
  kept.documents.set('diagnosis', '1:run', { stamp: 'x', diagnosis: {} });
  expect(openDiagnoses(kept).whole('1:run')).toBeNull();
});

test('what cannot be written is shown all the same, and written with the next', () => {
  const file = join(folder(), 'a.db');
  const kept = store(file);
  let isFull = true;
  const diagnoses = openDiagnoses({
    documents: kept.documents,
    transaction(work) {
      if (isFull) throw new StoreFull('The disk is full');
      return kept.transaction(work);
    },
  });
  for (let run = 0; run < 40; run += 1) diagnoses.keep(`1:run${run}`, made('x').kept, made(`sentence ${run}`).diagnosis);
  diagnoses.write();
  expect(diagnoses.whole('1:run0')?.sentence).toBe('sentence 0');
  expect([...diagnoses.all()]).toHaveLength(40);
  expect([...openDiagnoses(store(file)).all()]).toHaveLength(0);
  isFull = false;
  diagnoses.write();
  expect(openDiagnoses(store(file)).whole('1:run39')?.sentence).toBe('sentence 39');
});
