import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../../main/service/store/open.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { batch, commit, folder, store } from './places.ts';

const FAILS = new Error('on purpose');

/** What changes how many points there are. A series of no points is not named at all. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('append', 'replace', 'generation', 'provisional', 'failing', 'elsewhere', 'removeRoot'),
    source: fc.nat(2),
    points: fc.array(fc.nat({ max: 5000 }), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 15 },
);
type Change = typeof changes extends fc.Arbitrary<infer Changes> ? (Changes extends (infer One)[] ? One : never) : never;

function sourceOf(kept: Store, number: number): number {
  return kept.addSource(kept.addRoot(`/runs${number}`), 'log', 'x').id;
}

function make(kept: Store, { kind, source: number, points }: Change): void {
  const source = sourceOf(kept, number);
  const filled = batch((b) => points.forEach((count, at) => {
    for (let i = 0; i < count; i += 1) b.point(b.series(`s${at}`), i, NaN, NaN, i);
  }));
  if (kind === 'removeRoot') kept.removeRoot(kept.source(source)!.rootId);
  else if (kind === 'provisional') kept.commit([commit(source, 1, () => undefined, { provisional: filled })]);
  else kept.commit([commit(source, 1, () => undefined, { batch: filled, mode: kind === 'replace' || kind === 'generation' ? kind : 'append' })]);
}

test('the number of points that is carried along is the one that is counted, whatever came, went, failed or was written elsewhere', () => {
  fc.assert(
    fc.property(changes, (made) => {
      const file = join(folder(), 'a.db');
      const kept = store(file);
      expect(kept.totals().points).toBe(0);
      for (const change of made) {
        if (change.kind === 'elsewhere') {
          const other = openStore(file);
          make(other, change);
          other.close();
        } else if (change.kind === 'failing') {
          const failing = (): never => {
            make(kept, change);
            expect(kept.totals().points).toBeGreaterThanOrEqual(0);
            throw FAILS;
          };
          expect(() => kept.transaction(failing)).toThrow(FAILS);
        } else make(kept, change);
        const counted = openStore(file);
        expect(kept.totals().points).toBe(counted.totals().points);
        counted.close();
      }
    }),
    { numRuns: 40 },
  );
});
