import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHinted } from '../../../main/service/tail/hinted.ts';

const path = fc.constantFrom('a', 'b', 'c', 'd');
const action = fc.oneof(
  fc.record({ hint: path }),
  fc.record({ gathering: fc.boolean(), visible: fc.subarray(['a', 'b', 'c', 'd']) }),
);

test('every hinted path is handed out: at once, or when no more is gathered if nobody looks at it', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const hinted = openHinted();
      const due = new Set<string>();
      for (const step of actions) {
        if ('hint' in step) {
          hinted.add(step.hint);
          due.add(step.hint);
          continue;
        }
        const { gathering, visible } = step;
        const taken: string[] = [];
        hinted.take(gathering, (one) => !visible.includes(one), (one) => taken.push(one));
        expect(new Set(taken).size).toBe(taken.length);
        for (const one of taken) {
          expect(due.delete(one)).toBe(true);
          if (gathering) expect(visible).toContain(one);
        }
        if (!gathering) expect(due.size).toBe(0);
        for (const one of ['a', 'b', 'c', 'd']) expect(hinted.has(one)).toBe(due.has(one));
      }
    }),
  );
});

test('one that waits is asked for once while more is gathered, and handed out if it comes again when it is looked at', () => {
  const hinted = openHinted();
  let asked = 0;
  let visible = false;
  const taken: string[] = [];
  const take = (gathering: boolean) => hinted.take(gathering, () => { asked += 1; return !visible; }, (one) => taken.push(one));
  hinted.add('a');
  for (let i = 0; i < 5; i += 1) take(true);
  expect([asked, taken]).toEqual([1, []]);
  visible = true;
  hinted.add('a');
  take(true);
  expect(taken).toEqual(['a']);
});
