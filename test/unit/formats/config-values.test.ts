import { expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { addConfig } from '../../../main/service/formats/config-values.ts';

function config(value: unknown, key = ''): Record<string, unknown> {
  const batch = new Batch();
  addConfig(batch, key, value);
  return Object.fromEntries(batch.configs);
}

it('flattens with "/" and keeps the types', () => {
  const nested = { optimizer: { lr: 0.1, betas: [0.9, 0.99], nesterov: false }, seed: null, name: 'a', '': 1 };
  const optimizer = { 'optimizer/lr': 0.1, 'optimizer/betas': [0.9, 0.99], 'optimizer/nesterov': false };
  expect(config(nested)).toEqual({ ...optimizer, seed: null, name: 'a' });
  expect(config(new Map([['a', new Map([[1, 2]])]]), 'top')).toEqual({ 'top/a/1': 2 });
});

it('writes numbers that are not finite as text', () => {
  expect(config({ a: NaN, b: -Infinity })).toEqual({ a: 'NaN', b: '-Infinity' });
});

it('hides secrets and nothing else', () => {
  const secrets = { wandb_api_key: 'x1', password: 'p', hf_token: 'x', hub_token: 'hf_abcdefghij0123456789', key: 'AKIA0123456789ABCDEF' };
  expect(new Set(Object.values(config(secrets)))).toEqual(new Set(['(hidden)']));
  const words = { late_key: 'x', eos_token: '</s>', tokenizer: 'bert-base-uncased-2023-1', keypoints: 'coco0000000000000' };
  const ordinary = { ...words, max_token: 512, num_key_value_heads: 8 };
  expect(config(ordinary)).toEqual(ordinary);
});

it('keeps hostile values within bounds', () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 1e5; depth += 1) deep = [deep];
  expect(JSON.stringify(config({ deep, long: 'x'.repeat(1e6), ['k'.repeat(1e4)]: 1 })).length).toBeLessThan(5000);
  expect(Object.keys(config(Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at])))).length).toBe(10_000);
});
