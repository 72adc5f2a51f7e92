import { describe, expect, test } from 'vitest';
import { frameQueue } from '../../../renderer/state/frame-queue.ts';
import { oneAtATime } from '../../../renderer/state/one-at-a-time.ts';

describe('the frame queue', () => {
  function screen() {
    const frames: (() => void)[] = [];
    return { schedule: (run: () => void) => frames.push(run), frame: () => frames.splice(0).forEach((run) => run()), waiting: () => frames.length };
  }

  test('hands over once a frame what came since, in order', () => {
    const { schedule, frame, waiting } = screen();
    const got: number[][] = [];
    const queue = frameQueue<number>((items) => got.push(items), schedule);
    for (let i = 0; i < 500; i++) queue.push(i);
    expect(waiting()).toBe(1);
    frame();
    expect(got).toEqual([Array.from({ length: 500 }, (_, i) => i)]);
    frame();
    expect(got).toHaveLength(1);
    queue.push(7);
    frame();
    expect(got[1]).toEqual([7]);
  });

  test('takes what is pushed while it hands over into the next frame', () => {
    const { schedule, frame } = screen();
    const got: number[][] = [];
    const queue = frameQueue<number>((items) => {
      got.push(items);
      if (got.length === 1) queue.push(2);
    }, schedule);
    queue.push(1);
    frame();
    expect(got).toEqual([[1]]);
    frame();
    expect(got).toEqual([[1], [2]]);
  });

  test('goes on after a failure, and stops when told', () => {
    const { schedule, frame } = screen();
    let calls = 0;
    const queue = frameQueue<number>(() => {
      calls++;
      if (calls === 1) throw new Error('once');
    }, schedule);
    queue.push(1);
    expect(frame).toThrow('once');
    queue.push(2);
    frame();
    expect(calls).toBe(2);
    queue.push(3);
    queue.stop();
    frame();
    queue.push(4);
    frame();
    expect(calls).toBe(2);
  });
});

describe('one request at a time', () => {
  test('merges what is asked meanwhile into one that follows', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const gates: (() => void)[] = [];
    const queue = oneAtATime(
      async () => {
        runs++;
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => gates.push(resolve));
        running--;
      },
      () => Promise.resolve(),
    );
    queue.ask();
    for (let i = 0; i < 50; i++) queue.ask();
    gates.shift()?.();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
    await queue.idle();
    expect({ runs, most }).toEqual({ runs: 2, most: 1 });
    queue.ask();
    gates.shift()?.();
    await queue.idle();
    expect(runs).toBe(3);
    queue.stop();
    queue.ask();
    expect(runs).toBe(3);
  });
});
