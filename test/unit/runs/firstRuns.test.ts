import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../../main/service/runs/catalogue.ts';
import { firstRuns } from '../../../main/service/runs/firstRuns.ts';

/** When a run was written to, so seldom that runs are of one time; null for a run without files. */
const given = fc.record({ writtenMs: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 12 })), pinned: fc.boolean(), hidden: fc.boolean() });

test('the newest runs that are not hidden, pinned ones and the open one come first, in the order of all', () => {
  fc.assert(
    fc.property(fc.array(given, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: -1, max: 39 }), (all, count, openAt) => {
      const age = ({ writtenMs }: (typeof all)[number]): number => writtenMs ?? 0;
      const newest = new Set(all.filter(({ hidden }) => !hidden).sort((a, b) => age(b) - age(a)).slice(0, count));
      const expected = all.flatMap((one, at) => (all.length <= count || newest.has(one) || one.pinned || at === openAt ? [at] : []));
      const runs = all.map(({ writtenMs }, at) => ({ key: String(at), sources: writtenMs === null ? [] : [{ row: { mtimeMs: writtenMs, grewAtMs: null } }] }) as unknown as Run);
      const first = firstRuns(runs, { count, open: runs[openAt]?.key ?? null }, { has: (mark, key) => all[Number(key)]![mark] });
      expect(first.map(({ key }) => Number(key))).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
