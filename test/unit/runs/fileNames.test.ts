import { expect, test } from 'vitest';
import { byWriting, fileName } from '../../../main/service/runs/fileNames.ts';

test.each([
  ['train.log', '', 0, 'train'],
  ['train.log.2', '', 2, 'train'],
  ['train.log-20261128', '', 1, 'train'],
  ['val_metrics.csv', '', 0, 'val'],
  ['stdout.txt', '', 0, null],
  ['rank0.log', '', 0, null],
  ['fold0_train.csv', 'fold0', 0, 'train'],
  ['train_2.log', '2', 0, 'train'],
  ['slurm-101.out', 'slurm 101', 0, null],
  ['job.o4711', 'job 4711', 0, null],
  ['job.e4711', 'job 4711', 0, null],
  ['20261128_101010.log.json', '20261128 101010', 0, null],
  ['lr1e-3.jsonl', 'lr1e 3', 0, null],
  ['resnet.train.val.log', 'resnet', 0, null],
] as const)('%s is of "%s", part %i, split %s', (name, identity, rotation, split) => {
  expect(fileName(name)).toMatchObject({ identity, rotation, split });
});

test('names are ordered as people count, rotated files before the one that is written to', () => {
  const names = ['a/train.log', 'a/train.log.1', 'a/train.log.10', 'a/part10.log', 'a/part2.log', 'a/slurm-100.out', 'a/slurm-99.out'];
  expect([...names].sort(byWriting)).toEqual(['a/part2.log', 'a/part10.log', 'a/slurm-99.out', 'a/slurm-100.out', 'a/train.log.10', 'a/train.log.1', 'a/train.log']);
});
