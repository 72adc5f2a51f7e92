import { expect, test } from 'vitest';
import type { AlertView } from '../../../preload/contract.ts';
import { groupAlerts } from '../../../renderer/state/alert-groups.ts';
import { stepOf, stepTo } from '../../../renderer/state/list-keys.ts';

const NOON = new Date(2026, 10, 28, 12).getTime();
const HOUR = 3_600_000;
const alert = (id: string, hoursAgo: number): AlertView => ({ id, atMs: NOON - hoursAgo * HOUR }) as AlertView;

test('alerts stand by age, and the new ones first however old they are', () => {
  const alerts = [alert('a', 1), alert('b', 11), alert('c', 13), alert('d', 24 * 6), alert('e', 24 * 7), alert('f', 24 * 30)];
  const names = (isNew: (one: AlertView) => boolean) => groupAlerts(alerts, isNew, NOON).map((group) => `${group.name} ${group.alerts.map(({ id }) => id).join('')}`);
  expect(names(() => false)).toEqual(['today ab', 'week cd', 'older ef']);
  expect(names(({ id }) => id === 'a' || id === 'e')).toEqual(['new ae', 'today b', 'week cd', 'older f']);
  expect(groupAlerts([], () => true, NOON)).toEqual([]);
});

test('keys lead through a list and stay at its ends', () => {
  const key = (name: string, more: Partial<KeyboardEvent> = {}) => stepOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more } as KeyboardEvent, 8);
  expect([key('ArrowDown'), key('ArrowUp'), key('PageDown'), key('PageUp'), key('x')]).toEqual([1, -1, 8, -8, 0]);
  expect(key('ArrowDown', { altKey: true })).toBe(0);
  expect(stepTo(3, key('Home'), 5)).toBe(0);
  expect(stepTo(3, key('End'), 5)).toBe(4);
  expect(stepTo(3, key('PageDown'), 5)).toBe(4);
  // Nothing is marked yet.
  expect([stepTo(-1, 1, 5), stepTo(5, -1, 5)]).toEqual([0, 4]);
});
