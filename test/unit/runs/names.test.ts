import { expect, test } from 'vitest';
import { readName } from '../../../main/service/runs/names.ts';

/** name as logged, metric, split: from the tables of the format reference, section 4.4, and from logs of the writers named. */
const NAMES: [string, string, string | null][] = [
  ['loss', 'loss', 'train'],
  ['val', 'loss', 'val'],
  ['Train', 'loss', 'train'],
  ['Val Loss (nats)', 'loss', 'val'],
  ['accuracy [%]', 'accuracy', null],
  ['val_loss', 'loss', 'val'],
  ['train_loss', 'loss', 'train'],
  ['Loss/train', 'loss', 'train'],
  ['Loss/val', 'loss', 'val'],
  ['loss/train_step', 'loss', 'train'],
  ['loss/val', 'loss', 'val'],
  ['train_loss_epoch', 'loss', 'train'],
  ['eval/loss', 'loss', 'val'],
  ['eval_loss', 'loss', 'val'],
  ['test_loss', 'loss', 'test'],
  ['validation_metrics/loss', 'loss', 'val'],
  ['loss_metrics/global_avg_loss', 'loss', 'train'],
  ['loss/validation/step_average', 'loss', 'val'],
  ['lm loss validation', 'loss', 'val'],
  ['lm loss', 'loss', 'train'],
  ["training's binary_logloss", 'logloss', 'train'],
  ["valid_1's auc", 'auc', 'val'],
  ['ray/tune/train_loss', 'loss', 'train'],
  ['tel', 'loss', 'val'],
  ['trl', 'loss', 'train'],
  ['epoch_loss', 'loss', 'train'],
  ['epoch_accuracy', 'accuracy', null],
  ['val_acc', 'accuracy', 'val'],
  ['Accuracy/val', 'accuracy', 'val'],
  ['eval_top1', 'accuracy', 'val'],
  ['train/box_loss', 'loss.box', 'train'],
  ['metrics/mAP50-95(B)', 'map', 'val'],
  ['metrics/precision(B)', 'precision(b)', 'val'],
  ['bbox/AP', 'map', 'val'],
  ['coco/bbox_mAP', 'map', 'val'],
  ['learning_rate', 'lr', 'train'],
  ['lr-SGD', 'lr', null],
  ['lr/pg0', 'lr', null],
  ['train/learning_rate', 'lr', 'train'],
  ['grad_norm', 'grad_norm', 'train'],
  // False friends: the split word does not name the split.
  ['train/value_loss', 'loss.value', 'train'],
  ['value_loss', 'loss.value', 'train'],
  ['train_runtime', 'runtime', 'train'],
  ['training_iteration', 'training_iteration', null],
  ['eval_steps', 'eval_steps', null],
  ['latest', 'latest', null],
  ['contest', 'contest', null],
  ['__proto__', '__proto__', null],
  ['', '', null],
];

test.each(NAMES)('%s is %s of %s', (name, metric, split) => {
  expect(readName(name)).toMatchObject({ metric, split });
});

test.each([
  ['clean_train_loss', true],
  ['train_eval_loss', true],
  ['eval_train/loss', true],
  ['train/eval_loss', true],
  ['train_loss', false],
  ['eval_loss', false],
  ['eval_clean_loss', false],
])('%s is a probe: %s', (name, probe) => {
  const meant = readName(name);
  expect(meant.probe).toBe(probe);
  if (probe) expect(meant).toMatchObject({ metric: 'loss', split: 'train' });
});

test('what the reader knows wins over the name', () => {
  expect(readName('loss', { split: 'val' })).toMatchObject({ metric: 'loss', split: 'val' });
  expect(readName('train_loss', { metric: 'loss.ctc' })).toMatchObject({ metric: 'loss.ctc', split: 'train' });
});
