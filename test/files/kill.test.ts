import { expect, test } from 'vitest';
import { runKillLoop } from './kill-loop.ts';

test('25 kills at random moments while logs grow, rotate and are damaged: nothing lost, nothing doubled', async () => {
  const result = await runKillLoop({ kills: 25, seed: Number(process.env.GAPWATCH_SEED ?? 7) });
  expect(result.wrong).toEqual([]);
  expect(result.kills).toBe(25);
  expect(result.points).toBeGreaterThan(0);
}, 240_000);
