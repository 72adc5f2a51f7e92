import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagnosis } from '../../../main/service/diagnose/diagnosis.ts';
import { withShortGap } from '../../../main/service/runs/gapCurve.ts';

function withGap(d: number[]): Diagnosis {
  const at = d.map((_, i) => i);
  return { gap: { state: 'too-few', evals: d.length, curve: { step: at, epoch: at.map(() => null), time: at.map((i) => i * 2), d, low: d.map((x) => x - 1), high: d.map((x) => x + 1), provisional: true } } } as unknown as Diagnosis;
}

test('a gap of few evals stays as it is', () => {
  const diagnosis = withGap([1, 2, 3]);
  expect(withShortGap(diagnosis, 3)).toBe(diagnosis);
});

test('a long gap keeps its ends and every extreme, in order, with the places and bands that belong to them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.double({ noNaN: true, min: -5, max: 5 }), fc.constant(NaN)), { minLength: 21, maxLength: 300 }), (d) => {
      const { curve } = withShortGap(withGap(d), 20).gap;
      expect(curve.d.length).toBeLessThanOrEqual(20);
      const steps = curve.step as number[];
      expect([steps[0], steps.at(-1)]).toEqual([0, d.length - 1]);
      expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      steps.forEach((step, i) => {
        expect(curve.d[i]).toBe(d[step]);
        expect(curve.time[i]).toBe(step * 2);
        expect(curve.high[i]).toBe((d[step] as number) + 1);
      });
      const finite = (all: number[]): number[] => all.filter(Number.isFinite);
      expect(Math.max(...finite(curve.d))).toBe(Math.max(...finite(d)));
      expect(Math.min(...finite(curve.d))).toBe(Math.min(...finite(d)));
    }),
  );
});
