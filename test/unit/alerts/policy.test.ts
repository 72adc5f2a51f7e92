import { expect, test } from 'vitest';
import { decide, resolved, type Alert, type AlertSettings, type Finding } from '../../../main/service/alerts/policy.ts';
import { isQuiet } from '../../../main/service/alerts/silence.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3600_000;
const SETTINGS: AlertSettings = { notifications: true, notifyExpected: false, quietFrom: null, quietTo: null, mutedRuns: new Set(), mutedRules: new Set() };

function finding(over: Partial<Finding['entry']> = {}, run = 'r1', lastByteAtMs: number | null = NOW): Finding {
  return { run, runName: run, lastByteAtMs, entry: { rule: 'val-below', severity: 'warning', title: 'Validation is below training', body: '23 %', step: 7, expected: false, ...over } };
}

function known(...alerts: Alert[]): Map<string, Alert> {
  return new Map(alerts.map((alert) => [alert.id, alert]));
}

test('an anomaly is said once', () => {
  const first = decide([finding()], known(), SETTINGS, NOW, 0);
  expect(first.notices).toHaveLength(1);
  expect(first.notices[0]).toMatchObject({ title: 'r1: validation is below training', run: 'r1', step: 7 });
  const again = decide([finding({ body: '24 %' })], known(...first.changed), SETTINGS, NOW + 1000, 0);
  expect(again.notices).toEqual([]);
  expect(again.changed[0]).toMatchObject({ body: '24 %', notifiedAtMs: NOW });
});

test('it is said again when it becomes severe, and after four hours if the run still goes on', () => {
  const before = known(...decide([finding()], known(), SETTINGS, NOW, 0).changed);
  expect(decide([finding({ severity: 'critical' })], before, SETTINGS, NOW + 1000, 0).notices).toHaveLength(1);
  expect(decide([finding({}, 'r1', NOW + 5 * HOUR)], before, SETTINGS, NOW + 5 * HOUR, 0).notices).toHaveLength(1);
  expect(decide([finding({}, 'r1', NOW)], before, SETTINGS, NOW + 5 * HOUR, 0).notices).toEqual([]);
});

test('expected gaps are recorded and said only on request', () => {
  const quiet = decide([finding({ expected: true })], known(), SETTINGS, NOW, 0);
  expect(quiet.notices).toEqual([]);
  expect(quiet.changed).toMatchObject([{ silence: 'expected' }]);
  expect(decide([finding({ expected: true })], known(), { ...SETTINGS, notifyExpected: true }, NOW, 0).notices).toHaveLength(1);
});

test.each([
  ['notifications off', { notifications: false }, 'off'],
  ['run muted', { mutedRuns: new Set(['r1']) }, 'muted'],
  ['rule muted', { mutedRules: new Set(['val-below']) }, 'muted'],
  ['quiet hours', { quietFrom: '22:00', quietTo: '07:00' }, 'quiet'],
])('%s: recorded with the reason, not said', (_name, over, silence) => {
  const result = decide([finding()], known(), { ...SETTINGS, ...over }, NOW, 23 * 60);
  expect(result.notices).toEqual([]);
  expect(result.changed).toMatchObject([{ silence, notifiedAtMs: null, seen: false }]);
});

test('what quiet hours held back is said after them', () => {
  const held = decide([finding()], known(), { ...SETTINGS, quietFrom: '22:00', quietTo: '07:00' }, NOW, 23 * 60);
  const after = decide([finding()], known(...held.changed), { ...SETTINGS, quietFrom: '22:00', quietTo: '07:00' }, NOW, 8 * 60);
  expect(after.notices).toHaveLength(1);
  expect(after.changed).toMatchObject([{ silence: null }]);
});

test('old history is recorded, not said, and is no news', () => {
  const result = decide([finding({}, 'r1', NOW - 30 * HOUR)], known(), SETTINGS, NOW, 0);
  expect(result.notices).toEqual([]);
  expect(result.changed).toMatchObject([{ silence: 'history', seen: true }]);
});

test('a warning of a health rule is recorded, a critical one is said', () => {
  const warned = decide([finding({ rule: 'B5' })], known(), SETTINGS, NOW, 0);
  expect(warned.notices).toEqual([]);
  expect(warned.changed).toMatchObject([{ silence: 'minor' }]);
  expect(decide([finding({ rule: 'B1', severity: 'critical' })], known(), SETTINGS, NOW, 0).notices).toHaveLength(1);
});

test('several runs become one message, the most severe first', () => {
  const { notices } = decide([finding(), finding({ severity: 'critical', title: 'Loss is NaN' }, 'r2'), finding({}, 'r3')], known(), SETTINGS, NOW, 0);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toMatchObject({ title: '3 runs need a look', run: 'r2', body: 'r2, r1, r3. Loss is NaN.' });
});

test('"expected here" ends the messages of that alert', () => {
  const [alert] = decide([finding()], known(), SETTINGS, NOW, 0).changed;
  if (!alert) throw new Error('no alert');
  expect(decide([finding({ severity: 'critical' })], known({ ...alert, feedback: 'expected-here' }), SETTINGS, NOW, 0).notices).toEqual([]);
});

test('quiet hours go over midnight', () => {
  const night = { quietFrom: '22:00', quietTo: '07:00' };
  expect([21 * 60, 22 * 60, 3 * 60, 7 * 60].map((at) => isQuiet(night, at))).toEqual([false, true, true, false]);
  expect(isQuiet({ quietFrom: '12:00', quietTo: '13:00' }, 12 * 60 + 30)).toBe(true);
  expect(isQuiet({ quietFrom: null, quietTo: '13:00' }, 0)).toBe(false);
});

const verdict = (kind: 'expected' | 'bug' | 'data' | 'unclear', bug: number, data: number): Partial<Finding['entry']> => ({ verdict: { kind, shares: { bug, data, expected: 1 - bug - data } } });

test('it is said again when another verdict leads the one that was told by 0.2', () => {
  const before = known(...decide([finding(verdict('data', 0.1, 0.8))], known(), SETTINGS, NOW, 0).changed);
  expect(decide([finding(verdict('bug', 0.5, 0.4))], before, SETTINGS, NOW + 1000, 0).notices).toEqual([]);
  expect(decide([finding(verdict('unclear', 0.6, 0.1))], before, SETTINGS, NOW + 1000, 0).notices).toEqual([]);
  const other = decide([finding(verdict('bug', 0.75, 0.2))], before, SETTINGS, NOW + 1000, 0);
  expect(other.notices).toHaveLength(1);
  expect(decide([finding(verdict('bug', 0.9, 0.05))], known(...other.changed), SETTINGS, NOW + 2000, 0).notices).toEqual([]);
});

test('a run is told of three times at most, and the last is not spent on a repetition', () => {
  let alerts = known();
  const said: string[] = [];
  const look = (hours: number, over: Partial<Finding['entry']>): void => {
    const at = NOW + hours * HOUR;
    const { changed, notices } = decide([finding(over, 'r1', at)], alerts, SETTINGS, at, 0);
    alerts = new Map([...alerts, ...known(...changed)]);
    said.push(...notices.map(({ severity }) => `${hours} h ${severity}`));
  };
  for (let hours = 0; hours < 72; hours += 1) look(hours, {});
  look(72, { rule: 'B1', severity: 'critical' });
  for (let hours = 73; hours < 7 * 24; hours += 1) look(hours, { rule: 'B3', severity: 'critical' });
  expect(said).toEqual(['0 h warning', '5 h warning', '72 h critical']);
});

test('a gap that has gone is not repeated', () => {
  const before = known(...decide([finding()], known(), SETTINGS, NOW, 0).changed);
  expect(decide([finding({ over: true }, 'r1', NOW + 5 * HOUR)], before, SETTINGS, NOW + 5 * HOUR, 0).notices).toEqual([]);
});

test('an alert whose finding is gone is resolved, and is there again when it comes back, without a word', () => {
  const first = decide([finding(), finding({ rule: 'B1', severity: 'critical' })], known(), SETTINGS, NOW, 0).changed;
  const over = resolved(known(...first), 'r1', [finding({ rule: 'B1', severity: 'critical' })], NOW + 1000);
  expect(over).toMatchObject([{ rule: 'val-below', resolvedAtMs: NOW + 1000 }]);
  expect(resolved(known(...first), 'r2', [], NOW)).toEqual([]);
  const back = decide([finding()], known(...over), SETTINGS, NOW + 2000, 0);
  expect(back.changed).toMatchObject([{ resolvedAtMs: null }]);
  expect(back.notices).toEqual([]);
});
