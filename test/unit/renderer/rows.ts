import type { RunRow } from '../../../preload/contract.ts';

/** A row with what a test does not care about filled in. */
export function row(given: Partial<RunRow> = {}): RunRow {
  const name = given.name ?? 'run';
  return {
    key: `1:${name}`,
    rootId: 1,
    id: name,
    name,
    state: 'finished',
    chip: { tone: 'healthy', word: 'Healthy' },
    spark: [],
    last: null,
    step: null,
    epoch: null,
    lastByteAtMs: null,
    points: 0,
    problems: 0,
    pinned: false,
    hidden: false,
    muted: false,
    ...given,
  };
}
