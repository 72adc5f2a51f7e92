import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromJson, toJson } from '../../../main/service/store/json.ts';

/** What the text must be, by JSON's own means. */
function slowly(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'number' && !Number.isFinite(part) ? { number: String(part) } : part));
}

const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0));
const anything = fc.anything({
  values: [fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined), number, number],
  key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'number', 'toString')),
  maxDepth: 4,
});

test('NaN and the infinities are spelt out wherever they stand, and nothing else is touched', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const before = slowly(value);
      expect(toJson(value)).toBe(before);
      expect(slowly(value)).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

test('what has been written is read again, NaN as NaN', () => {
  const value = { 'a/b': [1, NaN, { deep: -Infinity }], ['__proto__']: Infinity, none: null };
  expect(fromJson(toJson(value))).toEqual({ 'a/b': [1, NaN, { deep: -Infinity }], ['__proto__']: Infinity, none: null });
});
