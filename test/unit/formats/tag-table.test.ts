import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TagTable } from '../../../main/service/formats/tag-table.ts';

/** Few letters, so that tags are often each other's beginnings. */
const tag = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', 'ä'), maxLength: 9 }), fc.integer({ min: 0, max: 300 }).map((n) => `metric/${n}`));

/** The tags one behind the other, each with a quote behind it, and where each begins. */
function written(tags: readonly string[]): { view: DataView; starts: number[] } {
  const bytes = new TextEncoder().encode(tags.map((each) => `${each}"`).join(''));
  let at = 0;
  const starts = tags.map((each) => {
    const start = at;
    at += Buffer.byteLength(each) + 1;
    return start;
  });
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), starts };
}

it('gives each tag the number in which it came first, with and without knowing its end', () => {
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1, maxLength: 400 }), fc.array(fc.boolean(), { minLength: 1 }), (tags, guesses) => {
      const table = new TagTable(1000);
      const { view, starts } = written(tags);
      const order = [...new Set(tags)];
      tags.forEach((each, at) => {
        const from = starts[at]!;
        const to = from + Buffer.byteLength(each);
        const guessed = guesses[at % guesses.length] ? table.findFollower(view, from, to, 0x22) : -1;
        const number = guessed >= 0 ? guessed : table.find(view, from, to);
        expect(number).toBe(order.indexOf(each));
        expect(table.lengthOf(number)).toBe(to - from);
      });
      expect(table.names).toEqual(order);
    }),
    { numRuns: 300 },
  );
});

it('knows the two tags that last followed another before it knows their end', () => {
  const tags = ['a', 'b', 'a', 'cc', 'a', 'b', 'a', 'cc'];
  const table = new TagTable(10);
  const { view, starts } = written(tags);
  tags.slice(0, 5).forEach((each, at) => table.find(view, starts[at]!, starts[at]! + each.length));
  expect(tags.slice(5).map((_, at) => table.findFollower(view, starts[at + 5]!, view.byteLength - 1, 0x22))).toEqual([1, 0, 2]);
  expect(table.findFollower(view, starts[1]!, view.byteLength - 1, 0x22)).toBe(-1);
});

it('takes no more tags than its limit', () => {
  const table = new TagTable(2);
  const { view, starts } = written(['a', 'b', 'c', 'a']);
  expect(starts.map((from) => table.find(view, from, from + 1))).toEqual([0, 1, -1, 0]);
});
