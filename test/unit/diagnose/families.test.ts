import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../main/service/diagnose/diagnosis.ts';
import {
  changeBetween,
  compareFamilies,
  differingKeys,
  sameFamily,
  seedSpread,
  type Member,
} from '../../../main/service/diagnose/families.ts';
import type { ConfigValue } from '../../../main/service/diagnose/input.ts';

const gap = (d: number | null): Gap => ({
  metric: 'loss',
  state: 'val-below',
  d,
  low: d === null ? null : d - 0.03,
  high: d === null ? null : d + 0.03,
  percent: 10,
  firedAt: null,
  evals: 40,
  curve: { step: [], epoch: [], time: [], d: [], low: [], high: [], provisional: false },
});
const run = (name: string, d: number | null, config: Record<string, ConfigValue>): Member => ({
  name,
  gap: gap(d),
  config: new Map(Object.entries(config)),
});
const base = { lr: 1e-3, dropout: 0.5, seed: 1, output_dir: 'a' };

describe('what belongs together', () => {
  test('seeds, names and folders do not count as differences', () => {
    expect(differingKeys(run('a', 0, base).config, run('b', 0, { ...base, seed: 2, output_dir: 'b' }).config)).toEqual([]);
    expect(differingKeys(run('a', 0, base).config, run('b', 0, { ...base, dropout: 0.1, extra: true }).config)).toEqual([
      'dropout',
      'extra',
    ]);
  });

  test('a few keys apart is a family, more is not, and nothing known is none', () => {
    const other = (keys: string[]): Member => run('b', 0, { ...base, ...Object.fromEntries(keys.map((key) => [key, 9])) });
    expect(sameFamily(run('a', 0, base).config, other(['x', 'y', 'z']).config)).toBe(true);
    expect(sameFamily(run('a', 0, base).config, other(['x', 'y', 'z', 'w']).config)).toBe(false);
    expect(sameFamily(new Map(), new Map())).toBe(false);
  });
});

describe('seeds', () => {
  test('three or more give mean and spread', () => {
    const spread = seedSpread([run('a', 0.2, base), run('b', 0.22, base), run('c', 0.24, base)]);
    expect(spread).toMatchObject({ runs: 3, reproducible: true });
    expect(spread?.mean).toBeCloseTo(0.22, 10);
    expect(spread?.deviation).toBeCloseTo(0.02, 10);
  });

  test('a mean within two standard errors of zero is not reproducible', () => {
    expect(seedSpread([run('a', 0.3, base), run('b', -0.3, base), run('c', 0.1, base)])?.reproducible).toBe(false);
  });

  test('two seeds, or gaps that are unknown, say nothing', () => {
    expect(seedSpread([run('a', 0.2, base), run('b', 0.2, base)])).toBeNull();
    expect(seedSpread([run('a', 0.2, base), run('b', null, base), run('c', 0.2, base)])).toBeNull();
  });
});

describe('before and after', () => {
  const before = run('first', 0.4, base);

  test('the change has an interval from both gaps', () => {
    const change = changeBetween(before, run('second', 0.1, { ...base, dropout: 0.1, seed: 5 }));
    expect(change).toMatchObject({ keys: ['dropout'], before: 0.4, after: 0.1 });
    expect(change?.change).toBeCloseTo(-0.3, 10);
    expect((change?.high ?? 0) - (change?.low ?? 0)).toBeCloseTo(2 * Math.hypot(0.03, 0.03), 10);
  });

  test('the same run, strangers and unknown gaps have no change', () => {
    expect(changeBetween(before, before)).toBeNull();
    expect(changeBetween(before, run('x', 0.1, { a: 1, b: 2, c: 3, d: 4, e: 5 }))).toBeNull();
    expect(changeBetween(before, run('x', null, { ...base, dropout: 0 }))).toBeNull();
  });

  test('sentences name the key, the values and the effect', () => {
    const said = compareFamilies([
      before,
      run('second', 0.1, { ...base, dropout: 0.1 }),
      run('third', 0.11, { ...base, dropout: 0.1, lr: 2e-3 }),
    ]);
    expect(said[0]).toMatch(/^second: changing dropout from 0\.5 to 0\.1 moved validation up relative to training/);
    expect(said[1]).toMatch(/^third: changing lr from 0\.001 to 0\.002 made no clear difference to the gap/);
  });

  test('seeds are told apart from changes', () => {
    const said = compareFamilies([before, run('b', 0.41, { ...base, seed: 2 }), run('c', 0.39, { ...base, seed: 3 })]);
    expect(said).toEqual(['Over 3 seeds the gap is 33 % below on average with a standard deviation of 0.01.']);
  });
});
