import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../main/service/diagnose/diagnosis.ts';
import {
  changeBetween,
  compareFamilies,
  differingKeys,
  sameFamily,
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
    const full = { ...base, optimizer: 'adamw', epochs: 3, batch_size: 32 };
    const said = compareFamilies([0.4, 0.41, 0.39].map((d, i) => run(`r${i}`, d, { ...full, seed: i })));
    expect(said).toEqual(['Over 3 seeds validation is 33 % below training on average (mean gap 0.4, standard deviation 0.01).']);
  });
});
