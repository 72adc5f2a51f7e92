import { describe, expect, test } from 'vitest';
import { store } from './places.ts';

const START = 1.76e12;

/** One sample every two seconds, from two devices. */
function samples(count: number, from = 0) {
  return Array.from({ length: count }, (_, i) => from + i).flatMap((i) => [
    { device: 'GPU-1', atMs: START + i * 2000, values: { util: i % 100, power: i % 7 === 0 ? null : 250.5 + (i % 3), memoryUsed: 2 ** 36 + i } },
    { device: 'host', atMs: START + i * 2000, values: { cpu: 12.25 } },
  ]);
}

describe('machine samples', () => {
  test('come back one by one where there is room, null staying null', () => {
    const { machine } = store();
    machine.add(samples(4));
    const { atMs, values } = machine.range('GPU-1', 0, Infinity, 100);
    expect(atMs).toEqual([0, 1, 2, 3].map((i) => START + i * 2000));
    expect(values['util']).toEqual([0, 1, 2, 3]);
    expect(values['power']).toEqual([null, 251.5, 252.5, 250.5]);
    expect(values['memoryUsed']).toEqual([0, 1, 2, 3].map((i) => 2 ** 36 + i));
    expect(machine.range('none', 0, Infinity, 10)).toEqual({ atMs: [], values: {} });
  });

  test('are means over equal stretches of time otherwise, with the extremes of the utilisation, and gaps stay gaps', () => {
    const { machine } = store();
    for (let at = 0; at < 1000; at += 10) machine.add(samples(10, at));
    machine.add(samples(1000, 3000));
    const whole = machine.range('GPU-1', START, START + 4000 * 2000, 40);
    expect(whole.atMs.length).toBe(20);
    expect(whole.atMs.filter((atMs) => atMs > START + 1001 * 2000 && atMs < START + 2999 * 2000)).toEqual([]);
    expect(whole.values['util']![0]).toBeCloseTo(49.5, 0);
    expect([whole.values['util.min']![0], whole.values['util.max']![0]]).toEqual([0, 99]);
    const part = machine.range('GPU-1', START + 100 * 2000, START + 109 * 2000, 100);
    expect(part.values['util']).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(machine.range('host', START, START + 1e9, 7).values['cpu']).toEqual(expect.arrayContaining([12.25]));
  });

  test('take little room and can be dropped by age', () => {
    const kept = store();
    const empty = kept.totals().bytes;
    kept.machine.add(samples(9000));
    expect((kept.totals().bytes - empty) / 18_000).toBeLessThan(8);
    expect(kept.machine.devices()).toEqual(['GPU-1', 'host'].map((device) => ({ device, firstMs: START, lastMs: START + 8999 * 2000 })));
    kept.machine.prune(START + 4500 * 2000);
    expect(kept.machine.devices()[0]).toEqual({ device: 'GPU-1', firstMs: START + 4500 * 2000, lastMs: START + 8999 * 2000 });
    kept.machine.prune(Infinity);
    expect(kept.machine.devices()).toEqual([]);
    kept.machine.add(samples(1));
    expect(kept.machine.range('host', 0, Infinity, 10).atMs).toEqual([START]);
  });

  test('a clock that goes back loses none of them', () => {
    const { machine } = store();
    machine.add(samples(500, 1000));
    machine.add(samples(500, 0));
    expect(machine.range('GPU-1', 0, Infinity, 10_000).atMs.length).toBe(1000);
    expect(machine.range('GPU-1', START, START + 499 * 2000, 10_000).atMs.length).toBe(500);
  });
});
