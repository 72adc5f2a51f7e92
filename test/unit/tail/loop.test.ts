import { expect, test } from 'vitest';
import { openLoop } from '../../../main/service/tail/loop.ts';

/** A clock that jumps to the next timer when it is told to. */
function steppingClock() {
  let now = 0;
  const timers = new Set<{ at: number; work: () => void }>();
  return {
    wall: () => now,
    steady: () => now,
    after(ms: number, work: () => void) {
      const timer = { at: now + ms, work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async to(end: number) {
      for (;;) {
        await new Promise((resume) => setImmediate(resume));
        const [next] = [...timers].sort((a, b) => a.at - b.at);
        if (!next || next.at > end) break;
        timers.delete(next);
        now = next.at;
        next.work();
      }
      now = end;
    },
  };
}

function open(files: number) {
  const clock = steppingClock();
  const turns: { at: number; gathering: boolean }[] = [];
  const work = (): Promise<void> => {
    turns.push({ at: clock.steady(), gathering: loop.gathering });
    return Promise.resolve();
  };
  const loop = openLoop({ clock, work, untilNext: () => 10_000, growing: () => files });
  loop.start();
  return { clock, turns, loop };
}

test('while few files grow, nothing waits longer than the gap', async () => {
  const { clock, turns, loop } = open(3);
  await clock.to(1000);
  loop.wake(false);
  await clock.to(1001);
  loop.wake(false);
  await clock.to(1100);
  expect(turns).toEqual([{ at: 0, gathering: false }, { at: 1000, gathering: false }, { at: 1015, gathering: false }]);
  await loop.stop();
});

test('while hundreds of files grow, what nobody looks at is gathered; what is looked at goes before it, and nothing is forgotten', async () => {
  const { clock, turns, loop } = open(500);
  await clock.to(5000);
  loop.wake(false);
  await clock.to(5100);
  expect(turns.at(-1)).toEqual({ at: 5000, gathering: false });
  loop.wake(false);
  await clock.to(5200);
  expect(turns).toHaveLength(2);
  loop.wake(true);
  await clock.to(5300);
  expect(turns.at(-1)).toEqual({ at: 5200, gathering: true });
  // The hint of 5100 was left: its turn comes by itself.
  await clock.to(9000);
  expect(turns.at(-1)).toEqual({ at: 8000, gathering: false });
  expect(turns).toHaveLength(4);
  await loop.stop();
});
