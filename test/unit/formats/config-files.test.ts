import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { configJson, configPython, configYaml } from '../../../main/service/formats/config-files.ts';
import type { SnapshotFormat } from '../../../main/service/formats/format.ts';
import { pythonLiteral } from '../../../main/service/formats/python-literals.ts';
import { madeUp, textFormatOf } from './text-reading.ts';

function configOf(format: SnapshotFormat, text: string): Record<string, unknown> {
  const batch = new Batch();
  format.parse(new TextEncoder().encode(text), batch, { path: 'a/b', name: 'b' });
  return Object.fromEntries(batch.configs);
}

describe('YAML', () => {
  it('keeps types, joins nested keys, and takes the tags of Python as plain data', () => {
    const text = `lr: 1e-06
sched: cosine
no_aug: false
resume: ''
freeze: null
betas: !!python/tuple [0.9, 0.99]
act: !!python/name:torch.nn.modules.activation.ReLU ''
where: !!python/object/apply:pathlib.PurePosixPath
- data
- x
boom: !!python/object/apply:os.system ["touch /tmp/never"]
nested: {warmup: 10}
layers:
- {units: 4}
- {units: 2}
`;
    expect(configOf(configYaml, text)).toEqual({
      lr: 1e-6,
      sched: 'cosine',
      no_aug: false,
      resume: '',
      freeze: null,
      betas: [0.9, 0.99],
      act: 'torch.nn.modules.activation.ReLU',
      where: ['data', 'x'],
      boom: ['touch /tmp/never'],
      'nested/warmup': 10,
      'layers/0/units': 4,
      'layers/1/units': 2
    });
  });

  it('follows anchors and merge keys', () => {
    expect(configOf(configYaml, 'base: &b {lr: 0.1, wd: 0}\nbig:\n  <<: *b\n  lr: 0.2\n')).toEqual({ 'base/lr': 0.1, 'base/wd': 0, 'big/lr': 0.2, 'big/wd': 0 });
  });

  it('unwraps the description that Weights & Biases puts around each value', () => {
    expect(configOf(configYaml, '_wandb:\n  value: {cli_version: 1}\nlr:\n  desc: null\n  value: 0.1\nseed:\n  desc: null\n  value: 3\n')).toEqual({ lr: 0.1, seed: 3 });
  });

  it.each([
    ['what unfolds to a billion values', `a: &a [1,1,1,1,1,1,1,1,1,1]\n${[...'bcdefghij'].map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[at]}`).join(',')}]`).join('\n')}\n`, /100000 values/],
    ['what contains itself', 'a: &a\n  b: *a\n', /nested too deeply/],
    ['brackets without end', `a: ${'['.repeat(100_000)}`, /nested too deeply/],
    ['lists without end', `${'- '.repeat(100_000)}1`, /nested too deeply/],
    ['more than 1 MiB', `a: ${'x'.repeat(1_100_000)}`, /larger than 1 MiB/],
    ['no YAML', 'a: [1, 2\nb: }', /Not valid YAML/],
    ['a list', '- 1\n- 2\n', /no keys/]
  ])('refuses %s in one sentence', (_, text, message) => {
    expect(() => configOf(configYaml, text)).toThrow(message);
  });
});

describe('JSON', () => {
  it('takes bare NaN, long texts only in part, and no secret', () => {
    const config = configOf(configJson, `{"lr": 0.1, "clip": Infinity, "note": "${'x'.repeat(10_000)}", "hf_token": "hf_a1B2c3D4e5F6g7H8i9", "api_key": "k", "num_tokens": 5, "tokens_per_batch": 7, "max_token": 9}`);
    expect(config).toMatchObject({ lr: 0.1, num_tokens: 5, tokens_per_batch: 7, max_token: 9 });
    expect(String(config['note']).length).toBeLessThanOrEqual(4097);
    expect(JSON.stringify(config)).not.toMatch(/hf_a1B2|"k"/);
  });

  it.each(['{"a": 1', '[1, 2]', 'null', ''])('refuses %s', (text) => expect(() => configOf(configJson, text)).toThrow(/JSON/));
});

describe('Python', () => {
  it('reads literals and nothing else', () => {
    const text = `"""docs
hidden = 1
"""
import os
out_dir = 'out-char' # comment
batch_size: int = 1_024
gradient_accumulation_steps = 5 * 8
lr = 6e-4
name = os.environ['SECRET']
size = batch_size * 2
f = f"x{lr}"
bias = False
resume = None
betas = (0.9, 0.95)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.02), # nested
    clip_grad=None)
stages = [dict(n=1), dict(n=2)]
table = {'a': 1, 'b': [1, 2]}
x == 3
def f():
    inner = 5
broken = (1, 2
last = "two " 'parts'
__all__ = ['x']
`;
    expect(configOf(configPython, text)).toEqual({
      out_dir: 'out-char',
      batch_size: 1024,
      gradient_accumulation_steps: 40,
      lr: 6e-4,
      bias: false,
      resume: null,
      betas: [0.9, 0.95],
      'optim_wrapper/optimizer/type': 'SGD',
      'optim_wrapper/optimizer/lr': 0.02,
      'optim_wrapper/clip_grad': null,
      'stages/0/n': 1,
      'stages/1/n': 2,
      'table/a': 1,
      'table/b': [1, 2],
      last: 'two parts'
    });
  });

  it('reads one literal as a whole or not at all', () => {
    expect(pythonLiteral("{'a': (1, -2.5), 'b': None}")).toEqual(new Map<string, unknown>([['a', [1, -2.5]], ['b', null]]));
    for (const text of ['1 +', 'x', "__import__('os')", '[1', "'open", '[' .repeat(10_000)]) expect(pythonLiteral(text)).toBeUndefined();
  });
});

it.each([
  ['hparams.yaml', 'a: 1\n', 'config-yaml'],
  ['args.yaml', 'a: 1\n', 'config-yaml'],
  ['opt.yaml', 'a: 1\n', 'config-yaml'],
  ['hyp.yaml', 'a: 1\n', 'config-yaml'],
  ['training_args.json', '{"a": 1}', 'config-json'],
  ['config.json', '{"a": 1}', 'config-json'],
  ['params.json', '{"a": 1}', 'config-json'],
  ['config.py', 'a = 1\n', 'config-python'],
  ['docker-compose.yaml', 'a: 1\n', null],
  ['package.json', '{"a": 1}', null],
  ['tokenizer_config.json', '{"a": 1}', null],
  ['generation_config.json', '{"a": 1}', null],
  ['train.py', 'a = 1\n', null],
  ['training_args.bin', 'a: 1\n', null],
  ['model.pt', 'a: 1\n', null]
])('%s is read as %s', (name, text, id) => expect(textFormatOf(madeUp(name, text))?.id ?? null).toBe(id));
