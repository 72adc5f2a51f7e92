import fc from 'fast-check';
import { expect, test } from 'vitest';
import { haveSameStructure } from '../../../renderer/charts/options.ts';
import type { Line, Spec } from '../../../renderer/charts/spec.ts';

const line = fc
  .record(
    { colour: fc.constantFrom('train', 'validation'), width: fc.constantFrom(1, 1.75), dash: fc.constantFrom([5, 3], [1.5, 3]), dots: fc.boolean(), opacity: fc.constantFrom(0.3, 0.6), fill: fc.constantFrom(0.1, 0.2), ghost: fc.boolean() },
    { requiredKeys: ['colour', 'width'] },
  )
  .map((look): Line => ({ ...look, key: 'k', name: 'n', x: [], y: [] }));
const spec = fc
  .record({ lines: fc.array(line, { maxLength: 2 }), log: fc.boolean(), axes: fc.constantFrom('both' as const, 'y' as const, 'none' as const) }, { requiredKeys: ['lines', 'axes'] })
  .map((parts): Spec => ({ ...parts, axis: 'step', range: { from: 0, to: 1 } }));

test('a chart is kept exactly as long as everything is the same that cannot be changed on it', () => {
  const looks = ({ lines, log, axes }: Spec) => JSON.stringify([lines.map((one) => [one.colour, one.width, one.dash, one.dots, one.opacity, one.fill, one.ghost]), log ?? false, axes]);
  fc.assert(
    fc.property(spec, spec, (a, b) => {
      expect(haveSameStructure(a, b)).toBe(looks(a) === looks(b));
      expect(haveSameStructure(a, structuredClone(a))).toBe(true);
    }),
  );
});
