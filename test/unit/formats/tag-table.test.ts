import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TagTable } from '../../../main/service/formats/tag-table.ts';

/** Few letters, so that tags are often each other's beginnings. */
const tag = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', 'ä'), maxLength: 9 }), fc.integer({ min: 0, max: 300 }).map((n) => `metric/${n}`));

/** The tags one behind the other, and where each begins. */
function written(tags: readonly string[]): { view: DataView; starts: number[] } {
  const bytes = new TextEncoder().encode(tags.join(''));
  let at = 0;
  const starts = tags.map((each) => {
    const start = at;
    at += Buffer.byteLength(each);
    return start;
  });
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), starts };
}

it('gives each tag the number in which it came first', () => {
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1, maxLength: 400 }), (tags) => {
      const table = new TagTable(1000);
      const { view, starts } = written(tags);
      const order = [...new Set(tags)];
      tags.forEach((each, at) => {
        expect(table.find(view, starts[at]!, starts[at]! + Buffer.byteLength(each))).toBe(order.indexOf(each));
      });
      expect(table.names).toEqual(order);
    }),
    { numRuns: 300 },
  );
});

it('takes no more tags than its limit', () => {
  const table = new TagTable(2);
  const { view, starts } = written(['a', 'b', 'c', 'a']);
  expect(starts.map((from) => table.find(view, from, from + 1))).toEqual([0, 1, -1, 0]);
});
