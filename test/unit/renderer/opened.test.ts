import { expect, test } from 'vitest';
import { Opened } from '../../../renderer/state/opened.svelte.ts';

test('is open as the user left it, else as it begins', () => {
  const opened = new Opened();
  expect([opened.has('a'), opened.has('b', true)]).toEqual([false, true]);
  opened.set('a', true);
  opened.set('b', false, true);
  expect([opened.has('a'), opened.has('b', true)]).toEqual([true, false]);
});

test('what only begins open is no word of the user', () => {
  const opened = new Opened();
  opened.set('a', true, true);
  expect(opened.has('a')).toBe(false);
});

test('forgets what was touched longest ago, and never grows beyond its bound', () => {
  const opened = new Opened();
  for (let i = 0; i < 500; i++) opened.set(`run ${i}`, true);
  opened.set('run 0', false);
  opened.set('run 500', true);
  expect([0, 1, 2, 499, 500].map((i) => opened.has(`run ${i}`, i === 0))).toEqual([false, false, true, true, true]);
});
