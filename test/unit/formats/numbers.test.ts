import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, readNumber } from '../../../main/service/formats/numbers.ts';

const cursor = { at: 0 };

function read(text: string): { value: number; end: number } {
  const value = readNumber(new TextEncoder().encode(`${text}\n`), 0, cursor);
  return { value, end: cursor.at };
}

function expectExact(text: string): void {
  const { value, end } = read(text);
  expect(end, text).toBe(text.length);
  expect(Object.is(value, Number(text)) || `${text} was read as ${value}, not as ${Number(text)}`).toBe(true);
}

/** Every bit pattern of a double is as likely as any other. */
const bits = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff)).map(([high, low]) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
});
const digits = (most: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });

describe('readNumber', () => {
  it('gives the double that Number gives, for what Python prints of any double', () => {
    fc.assert(fc.property(bits.filter(Number.isFinite), (value) => expectExact(String(value))), { numRuns: 20_000 });
  });

  it('gives it for the values that logs are made of: float32 printed as double, losses, rates', () => {
    const loss = fc.double({ min: 1e-9, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(loss, fc.integer({ min: 0, max: 12 }), (value, places) => {
        expectExact(String(Math.fround(value)));
        expectExact(String(value));
        expectExact(value.toFixed(places));
        expectExact(value.toExponential(places));
        expectExact(value.toPrecision(17));
      }),
      { numRuns: 10_000 }
    );
  });

  it('gives it for any decimal, however long', () => {
    const decimal = fc.tuple(fc.constantFrom('', '-', '+'), digits(25), fc.option(digits(40)), fc.option(fc.integer({ min: -340, max: 320 })));
    fc.assert(
      fc.property(decimal, ([sign, whole, fraction, exponent]) => {
        expectExact(`${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`);
      }),
      { numRuns: 20_000 }
    );
  });

  it('gives it next to the halfway points, where a wrong last bit would show', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.integer({ min: 1, max: 2 ** 22 }), fc.integer({ min: -22, max: -1 }), fc.integer({ min: -1, max: 1 }), (high, low, scale, off) => {
        const middle = (BigInt(high) * 2n ** 23n + BigInt(low)) * 2n + 1n;
        expectExact(`${middle * 5n + BigInt(off)}e${scale}`);
      }),
      { numRuns: 20_000 }
    );
  });

  it.each(['0', '-0', '0.0', '-0.0', '007', '.5', '5.', '1e5', '1E+05', '4.9e-324', '1.7976931348623157e308', '1e400', '-1e400', '9007199254740993', '0.1', '123456789012345678901'])(
    'reads %s',
    (text) => expectExact(text)
  );

  it('stops where the number ends, and says when there is none', () => {
    expect(read('12,5')).toEqual({ value: 12, end: 2 });
    expect(read('1e')).toEqual({ value: 1, end: 1 });
    expect(read('1e+x')).toEqual({ value: 1, end: 1 });
    for (const text of ['', '-', '.', 'nan', '-.', 'e5', '+']) expect(read(text).end, text).toBe(-1);
  });
});

describe('numberOf', () => {
  it('tells numbers, words for numbers, words for nothing, and text', () => {
    expect(['1.5', ' 2 ', '95%', '-inf', 'Infinity', '+inf', '1e-3'].map(numberOf)).toEqual([1.5, 2, 95, -Infinity, Infinity, Infinity, 0.001]);
    expect(numberOf('nan')).toBeNaN();
    expect(numberOf('-NaN')).toBeNaN();
    expect(['', 'NA', 'N/A', 'None', 'null', '-', '  '].map(numberOf)).toEqual(Array(7).fill(null));
    expect(['loss', '0x10', '1,5', '1 2', 'nano', '1e5e5', '[1]', 'True'].map(numberOf)).toEqual(Array(8).fill(undefined));
  });
});
