import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyTable } from '../../../main/service/formats/json-keys.ts';

/** Few letters and common beginnings, so that keys are often each other's beginnings or begin alike; some are longer than is remembered. */
const key = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'ä', ':', ' '), maxLength: 12 }),
  fc.tuple(fc.constantFrom('train/', 'tra', 'val_', 'x'.repeat(55)), fc.integer({ min: 0, max: 40 })).map(([start, n]) => `${start}${n}`),
  fc.constantFrom('__proto__', 'constructor', 'loss', '\u0001', 'a\\b', 'a\\"b')
);
const blanks = fc.string({ unit: fc.constantFrom(' ', '\t'), maxLength: 2 });
const colon = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(':', ': ') }, { weight: 1, arbitrary: fc.tuple(blanks, blanks).map((both) => both.join(':')) }, { weight: 1, arbitrary: fc.constantFrom('', ' ', '"') });
/** A plain key with its colon, as JSON has it. */
// eslint-disable-next-line no-control-regex
const PLAIN = /"([^"\\\u0000-\u001f]*)"[ \t]*:[ \t]*/y;

it('finds the keys and the places of their values that a regular expression finds', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, colon), { minLength: 1, maxLength: 200 }), (pairs) => {
      const table = new KeyTable(1000);
      const text = Buffer.from(`${pairs.map((pair) => `"${pair[0]}"${pair[1]}1`).join(',')}\n`).toString('latin1');
      const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
      const view = new DataView(bytes.buffer);
      const order: string[] = [];
      for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
        PLAIN.lastIndex = at;
        const found = PLAIN.exec(text);
        const number = table.find(bytes, view, at, bytes.length - 1);
        if (found === null) {
          expect(number).toBe(-1);
          continue;
        }
        const name = Buffer.from(found[1]!, 'latin1').toString();
        if (!order.includes(name)) order.push(name);
        expect([number, table.valueAt]).toEqual([order.indexOf(name), PLAIN.lastIndex]);
      }
      expect(table.names).toEqual(order);
    }),
    { numRuns: 300 }
  );
});

it('takes no more keys than its limit, and finds those beyond what it remembers', () => {
  const table = new KeyTable(3000);
  const keys = Array.from({ length: 3500 }, (_, n) => `metric/number ${n}`);
  const text = keys.map((name) => `"${name}": 1\n`).join('');
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  const look = (): number[] => keys.map((name) => table.find(bytes, view, text.indexOf(`"${name}"`), bytes.length - 1));
  const numbers = keys.map((_, n) => (n < 3000 ? n : -1));
  expect(look()).toEqual(numbers);
  expect(look()).toEqual(numbers);
});

it('does not look behind the end of the bytes', () => {
  const table = new KeyTable(10);
  const text = '"loss": 1\n'.repeat(20);
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 10) expect([table.find(bytes, view, at, bytes.length - 1), table.valueAt]).toEqual([0, at + 8]);
  const cut = bytes.slice(0, -4);
  expect(table.find(cut, new DataView(cut.buffer), cut.length - 6, cut.length - 1)).toBe(-1);
});
