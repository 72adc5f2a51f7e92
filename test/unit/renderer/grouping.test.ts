import { describe, expect, test } from 'vitest';
import { groupRows } from '../../../renderer/state/grouping.ts';
import { row } from './rows.ts';

const noon = new Date(2026, 10, 23, 12, 0, 0).getTime();
const HOUR = 3_600_000;

describe('groups', () => {
  const rows = [
    row({ name: 'old', lastByteAtMs: noon - 30 * 24 * HOUR }),
    row({ name: 'yesterday', lastByteAtMs: noon - 20 * HOUR }),
    row({ name: 'seed10', state: 'running', lastByteAtMs: noon }),
    row({ name: 'seed2', state: 'running', lastByteAtMs: noon - 9000 }),
    row({ name: 'stalled', state: 'stalled', lastByteAtMs: noon - HOUR }),
    row({ name: 'morning', lastByteAtMs: noon - 3 * HOUR }),
    row({ name: 'kept', pinned: true, state: 'running', lastByteAtMs: noon }),
    row({ name: 'unknown' }),
  ];
  const groups = groupRows(rows, 'recent', noon);
  const names = (group: string) => groups.find(({ name }) => name === group)?.rows.map((one) => one.name);

  test('follow state and the local day', () => {
    expect(groups.map(({ name }) => name)).toEqual(['pinned', 'running', 'today', 'week', 'older']);
    expect(names('pinned')).toEqual(['kept']);
    expect(names('today')).toEqual(['stalled', 'morning']);
    expect(names('week')).toEqual(['yesterday']);
    expect(names('older')).toEqual(['old', 'unknown']);
  });

  test('running runs stand by name, so that a written line moves nothing, and numbers count as numbers', () => {
    expect(names('running')).toEqual(['seed2', 'seed10']);
  });

  test('with another order there is one list below the pinned runs', () => {
    const sorted = groupRows([row({ name: 'b', chip: { tone: 'bug', word: 'Bug' } }), row({ name: 'a' }), row({ name: 'c', pinned: true })], 'verdict', noon);
    expect(sorted.map(({ name, rows: list }) => [name, list.map((one) => one.name)])).toEqual([['pinned', ['c']], ['all', ['b', 'a']]]);
    const byLoss = groupRows([row({ name: 'none' }), row({ name: 'high', last: { label: 'val', value: 2 } }), row({ name: 'low', last: { label: 'val', value: 1 } })], 'loss', noon);
    expect(byLoss[0]?.rows.map((one) => one.name)).toEqual(['low', 'high', 'none']);
    const losses = [NaN, Infinity, 3, -Infinity].map((value) => row({ name: String(value), last: { label: 'val', value } }));
    expect(groupRows([...losses, row({ name: 'a' })], 'loss', noon)[0]?.rows.map((one) => one.name)).toEqual(['-Infinity', '3', 'a', 'Infinity', 'NaN']);
    const byGap = groupRows([row({ name: 'x', spark: [0.1] }), row({ name: 'y', spark: [0.5] }), row({ name: 'z' })], 'gap', noon);
    expect(byGap[0]?.rows.map((one) => one.name)).toEqual(['y', 'x', 'z']);
  });
});
