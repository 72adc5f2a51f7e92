import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alike } from '../../../renderer/state/alike.ts';

/** The part of each that is shown wherever it is cut. */
function parts(names: string[]): (string | null)[] {
  const alike = new Alike();
  for (const name of names) alike.add(name);
  return names.map((name) => {
    const part = alike.apart(name);
    return part && name.slice(part.from, part.to);
  });
}

test('what differs in the middle is found, as whole words', () => {
  expect(parts(['resnet50-imagenet-lr3e-4-wd0.1-cosine-bs256', 'resnet50-imagenet-lr3e-4-wd0.05-cosine-bs256'])).toEqual(['wd0.1', 'wd0.05']);
  expect(parts(['resnet50-imagenet-lr3e-4-wd0.1-cosine', 'resnet50-imagenet-lr3e-5-wd0.1-cosine'])).toEqual(['lr3e-4', 'lr3e-5']);
  expect(parts(['sweep/lr=0.1,wd=0.01,seed=1/version_0', 'sweep/lr=0.3,wd=0.01,seed=2/version_0'])).toEqual(['lr=0.1,wd=0.01,seed=1', 'lr=0.3,wd=0.01,seed=2']);
  // One of them has a word more.
  expect(parts(['a-long-name-that-ends-here', 'a-long-name-v2-that-ends-here'])).toEqual(['that', 'v2-that']);
});

test('names that have a word more than once show it as often', () => {
  expect(parts(['sweep-one-adam-the-end', 'sweep-one-adam-adam-the-end', 'sweep-one-lion-adam-the-end'])).toEqual(['adam', 'adam-adam', 'lion-adam']);
});

test('names that differ at an end, are short, or have no relatives need nothing', () => {
  expect(parts(['a-rather-long-name/seed1', 'a-rather-long-name/seed2', 'digits-mlp/seed1', 'the-only-one-of-its-kind'])).toEqual([null, null, null, null]);
  expect(parts(['the-same-name-in-two-roots', 'the-same-name-in-two-roots'])).toEqual([null, null]);
});

test('any two names with the same ends show different parts', () => {
  const word = fc.constantFrom('lr1', 'lr10', 'wd0', 'x', 'adam', '3e-4', '-', '/');
  fc.assert(
    fc.property(fc.uniqueArray(fc.array(word, { maxLength: 5 }).map((words) => `beginning-${words.join('-')}-the-end-of-all`), { minLength: 2, maxLength: 6 }), (names) => {
      const alike = new Alike();
      for (const name of names) alike.add(name);
      const seen = names.map((name) => {
        const part = alike.apart(name) ?? { from: 0, to: 0 };
        expect(part.from).toBeGreaterThanOrEqual(0);
        expect(part.to).toBeLessThanOrEqual(name.length);
        return name.slice(part.from, part.to);
      });
      expect(new Set(seen).size).toBe(names.length);
    }),
  );
});
