import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import type { ConfigValue } from '../../../main/service/diagnose/input.ts';
import { isIncidental, seedPlace, seedSpread, spreadWords } from '../../../main/service/diagnose/seeds.ts';
import { openSeedFamilies } from '../../../main/service/seedFamilies.ts';
import { epochRun, normal, numbers } from './logged.ts';

const SETTINGS = { lr: 1e-3, optimizer: 'adamw', epochs: 40, batch_size: 32, width: 64, output_dir: 'a' };
const config = (extra: Record<string, ConfigValue>): Map<string, ConfigValue> => new Map(Object.entries({ ...SETTINGS, ...extra }));

describe('who is of one family', () => {
  test('seeds, names and folders may differ', () => {
    expect(['seed', 'trainer/seed', 'random_state', 'output_dir', 'run_name'].map(isIncidental)).toEqual([true, true, true, true, true]);
    expect(['seed_everything_workers', 'lr', 'dataset'].map(isIncidental)).toEqual([false, false, false]);
    const [a, b] = [seedPlace(config({ seed: 1 })), seedPlace(config({ seed: 2, output_dir: 'b' }))];
    expect(a?.family).toBe(b?.family);
    expect(a?.seed).not.toBe(b?.seed);
  });

  test('another setting is another family; without a seed or a configuration there is none', () => {
    expect(seedPlace(config({ seed: 1, dropout: 0.1 }))?.family).not.toBe(seedPlace(config({ seed: 1 }))?.family);
    expect(seedPlace(config({}))).toBeNull();
    expect(seedPlace(new Map([['seed', 1]]))).toBeNull();
  });
});

describe('spread', () => {
  test('three seeds or more give mean and standard deviation', () => {
    const spread = seedSpread([0.2, 0.22, 0.24]);
    expect(spread).toMatchObject({ runs: 3, reproducible: true });
    expect(spread?.mean).toBeCloseTo(0.22, 10);
    expect(spread?.deviation).toBeCloseTo(0.02, 10);
  });

  test('a mean within two standard errors of zero is not reproducible', () => {
    const spread = seedSpread([0.3, -0.3, 0.1]);
    expect(spread?.reproducible).toBe(false);
    expect(spread && spreadWords(spread)).toMatch(/^Over 3 seeds validation is 3 % below .*: not reproducible across seeds\.$/);
  });

  test('two seeds, or gaps that are unknown, say nothing', () => {
    expect(seedSpread([0.2, 0.2])).toBeNull();
    expect(seedSpread([0.2, null, 0.2])).toBeNull();
  });
});

describe('in a diagnosis', () => {
  const next = normal(5);
  const run = epochRun(
    numbers(40, (i) => 1.2 * Math.exp(-i / 15) + 0.3 + 0.005 * next()),
    numbers(40, (i) => 0.9 * Math.exp(-i / 15) + 0.2 + 0.005 * next()),
  );
  const data = (otherSeeds: number[]): number => diagnose({ ...run, otherSeeds }).verdict?.shares?.data ?? 0;

  test('a gap that the other seeds do not show halves the odds of the data causes and is said', () => {
    const alone = data([]);
    const scattered = diagnose({ ...run, otherSeeds: [-0.3, -0.35] });
    const halved = scattered.verdict?.shares?.data ?? 0;
    expect(halved / (1 - halved)).toBeCloseTo(alone / (1 - alone) / 2, 6);
    expect(scattered.sentence).toMatch(/; not reproducible across 3 seeds\.$/);
    expect(scattered.seeds).toMatchObject({ runs: 3, reproducible: false });
  });

  test('seeds that agree change nothing but what is shown', () => {
    const same = diagnose({ ...run, otherSeeds: [0.29, 0.31, 0.3] });
    expect(data([0.29, 0.31, 0.3])).toBeCloseTo(data([]), 10);
    expect(same.seeds).toMatchObject({ runs: 4, reproducible: true });
    expect(diagnose({ ...run, otherSeeds: [0.3] }).seeds).toBeNull();
  });
});

test('the families of a root: one gap a seed, the own seed left out, the forgotten gone', () => {
  const families = openSeedFamilies();
  const place = (seed: string): { family: string; seed: string } => ({ family: 'f', seed });
  families.put('a', place('1'), 0.1);
  families.put('b', place('2'), 0.2);
  families.put('c', place('2'), 0.25);
  families.put('d', place('3'), 0.3);
  families.put('e', { family: 'g', seed: '4' }, 9);
  expect(families.others('a', place('1'))).toEqual([0.25, 0.3]);
  families.put('d', null, null);
  families.put('c', { family: 'g', seed: '2' }, 0.25);
  expect(families.others('a', place('1'))).toEqual([0.2]);
  expect(families.others('x', null)).toEqual([]);
});
