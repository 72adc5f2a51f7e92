import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../../renderer/state/packing.ts';

const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u0000NaN', '\u0001AAAA', '\u0001no base64!', '\u0002', '__proto__'));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.constantFrom(NaN, Infinity, -Infinity, -0),
    hostile,
    fc.float64Array(),
    fc.array(tie('value')),
    fc.dictionary(hostile.filter((key) => key !== '__proto__'), tie('value')),
  ),
}));

test('what was packed comes back exactly: numbers that JSON does not know, columns, and text that looks like either', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(plain(unpack(pack(given)))).toStrictEqual(plain(given));
    }),
  );
});

test('a part of a column comes back as that part, and a long one whole', () => {
  const all = Float64Array.from({ length: 20_000 }, (_, at) => Math.sin(at));
  expect(unpack(pack(all.subarray(3, 19_000)))).toEqual(all.slice(3, 19_000));
});

/** Dictionaries of fast-check have no prototype, those of JSON have one; that is no difference here. */
function plain(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(plain);
  if (given === null || typeof given !== 'object' || given instanceof Float64Array) return given;
  return Object.fromEntries(Object.entries(given).map(([key, part]) => [key, plain(part)]));
}
