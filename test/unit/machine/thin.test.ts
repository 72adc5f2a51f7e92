import { expect, it } from 'vitest';
import type { Sample } from '../../../main/service/machine/sample.ts';
import { thinner } from '../../../main/service/machine/thin.ts';
import { manualClock } from '../../fixtures/machine/manual-clock.ts';

const at = (device: string, util: number): Sample => ({ device, atMs: 0, values: { util } });

it('keeps one idle sample of each device in ten seconds, also when they arrive apart', () => {
  const clock = manualClock();
  const keep = thinner(clock, ({ values }) => (values.util ?? 0) > 0);
  const kept = { a: 0, b: 0 };
  for (let second = 0; second < 30; second += 1) {
    kept.a += keep([at('a', 0)]).length;
    kept.b += keep([at('b', 0)]).length;
    clock.advance(1000);
  }
  expect(kept).toEqual({ a: 3, b: 3 });
});

it('keeps everything while one device works, and for ten seconds after', () => {
  const clock = manualClock();
  const keep = thinner(clock, ({ values }) => (values.util ?? 0) > 0);
  keep([at('a', 0), at('b', 0)]);
  clock.advance(1000);
  expect(keep([at('a', 0), at('b', 90)])).toHaveLength(2);
  clock.advance(9000);
  expect(keep([at('a', 0), at('b', 0)])).toHaveLength(2);
  clock.advance(1000);
  expect(keep([at('a', 0), at('b', 0)])).toHaveLength(0);
});
