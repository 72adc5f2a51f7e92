import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runColour, runSign } from '../../../renderer/charts/palette.ts';
import { places } from '../../../renderer/charts/signs.ts';
import { MOST_COMPARED } from '../../../renderer/state/runs.svelte.ts';

test('no two runs of a comparison have one colour and one sign, and the first eight need none', () => {
  const looks = Array.from({ length: MOST_COMPARED }, (_, place) => `${runColour(place)} ${runSign(place)}`);
  expect(new Set(looks).size).toBe(MOST_COMPARED);
  expect(looks.slice(0, 8).filter((look) => !look.endsWith('undefined'))).toEqual([]);
});

test('every line in sight has a sign, all within it and as far apart as asked', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2000, noNaN: true }), fc.double({ min: 0.01, max: 3000, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (from, width, share) => {
      const found = places(from, from + width, 120, share);
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThanOrEqual(width / 120 + 1);
      for (const at of found) expect(at >= from && at <= from + width).toBe(true);
      for (let i = 1; i < found.length; i++) expect((found[i] as number) - (found[i - 1] as number)).toBeCloseTo(120);
    }),
  );
  expect(places(10, 10, 120, 0)).toEqual([]);
});
