import { expect, test } from 'vitest';
import type { Alert } from '../../main/service/alerts/policy.ts';
import { passedOn, type WordsOnRun } from '../../main/service/wordsOnRun.ts';

const words = (over: Partial<WordsOnRun>): WordsOnRun => ({ flags: [], note: '', remedies: [], alerts: [], ...over });
const remedy = (note: string, state: 'done' | 'todo' = 'done'): WordsOnRun['remedies'][number][1] => ({ state, note, changedAtMs: 1 });
const alert = (run: string, over: Partial<Alert> = {}): Alert => ({
  id: `${run}|val-below`, run, runName: run, rule: 'val-below', severity: 'warning', title: '', body: '', step: 3, atMs: 10, notifiedAtMs: null, seen: false, feedback: 'none', ...over,
});
const TO = { to: 'new', joins: false };

test('a run without words gets them all, under its key', () => {
  const left = words({ flags: ['pinned', 'hidden', 'muted-run'], note: 'n', remedies: [['dropout', remedy('r')]], alerts: [alert('old', { notifiedAtMs: 20, times: 1, feedback: 'useful' })] });
  expect(passedOn(left, [words({})], TO)).toEqual({ ...left, alerts: [alert('new', { runName: 'old', notifiedAtMs: 20, times: 1, feedback: 'useful' })] });
});

test("a run's own words stand; texts come under them once", () => {
  const own = words({ note: 'own', remedies: [['dropout', remedy('mine', 'todo')]] });
  const left = words({ flags: ['hidden', 'pinned'], note: 'theirs', remedies: [['dropout', remedy('theirs')], ['augment', remedy('')]] });
  const once = passedOn(left, [own], { to: 'new', joins: true });
  expect(once).toEqual(words({ flags: ['pinned'], note: 'own\ntheirs', remedies: [['dropout', remedy('mine\ntheirs', 'todo')], ['augment', remedy('')]] }));
  expect(passedOn(left, [once], { to: 'new', joins: true })).toEqual(once);
});

test('what was told of either run counts as told of both together', () => {
  const [both] = passedOn(words({ alerts: [alert('old', { notifiedAtMs: 20, times: 2, saidVerdict: 'bug', step: 5 })] }), [words({ alerts: [alert('new', { atMs: 30, times: 1, feedback: 'expected-here', seen: true })] })], TO).alerts;
  expect(both).toEqual(alert('new', { runName: 'old', notifiedAtMs: 20, times: 2, saidVerdict: 'bug', step: 5, atMs: 10, feedback: 'expected-here' }));
});

test('what another run with the files says already is not said twice', () => {
  const other = words({ flags: ['pinned', 'muted-run'], note: 'b $& b', remedies: [['dropout', remedy('b')]], alerts: [alert('other')] });
  const left = words({ flags: ['pinned', 'muted-run'], note: 'a\nb $& b', remedies: [['dropout', remedy('b')]], alerts: [alert('old')] });
  expect(passedOn(left, [words({}), other], TO)).toEqual(words({ note: 'a' }));
});
