import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../../main/service/alerts/journal.ts';
import type { Finding } from '../../../main/service/alerts/policy.ts';
import { readSettings } from '../../../main/service/settings.ts';
import { openStore } from '../../../main/service/store/open.ts';
import type { Store } from '../../../main/service/store/store.ts';

const NOW = 1_800_000_000_000;
const gap = (run: string): Finding => ({
  run,
  runName: run,
  lastByteAtMs: NOW,
  entry: { rule: 'val-below', severity: 'warning', title: 'Below', body: '', step: null, expected: false },
});

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-journal-'));
  store = openStore(join(folder, 'store.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test('a rule can be muted and unmuted, and both outlive the program', () => {
  const take = (run: string): number => openJournal(store.documents).take([gap(run)], readSettings(store.documents), NOW).notices.length;
  openJournal(store.documents).mute({ rule: 'val-below', muted: true });
  expect(openJournal(store.documents).mutedRules()).toEqual(['val-below']);
  expect(take('a')).toBe(0);
  openJournal(store.documents).mute({ rule: 'val-below', muted: false });
  expect(openJournal(store.documents).mutedRules()).toEqual([]);
  expect(take('b')).toBe(1);
});

test('alerts of a run whose diagnosis no longer finds them are over', () => {
  const journal = openJournal(store.documents);
  journal.take([gap('a'), gap('b')], readSettings(store.documents), NOW, ['a', 'b']);
  const { alerts } = journal.take([], readSettings(store.documents), NOW + 1000, ['a']);
  expect(alerts).toMatchObject([{ run: 'a', over: true }]);
  expect(openJournal(store.documents).list()).toMatchObject([{ over: true }, { over: false }]);
});
