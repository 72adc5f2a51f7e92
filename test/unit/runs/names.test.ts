import { expect, test } from 'vitest';
import { canonicalMetric, metricOf } from '../../../main/service/runs/metrics.ts';
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
  // Each word by which a pattern is found before it is tried.
  ['value loss', 'loss.value', 'train'],
  ['val_func_loss', 'loss.val_func', 'train'],
  ['evaluate_time', 'evaluate_time', null],
  ['test_mode', 'test_mode', null],
  ['eval_batch_size', 'eval_batch_size', null],
  ['validation_interval', 'validation_interval', null],
  ['hellaswag', 'hellaswag', 'val'],
  ['MMLU', 'mmlu', 'val'],
  ['validation score', 'score', 'val'],
  ['segm/AP', 'map', 'val'],
  ['keypoints/AP', 'keypoints/ap', 'val'],
  ['val_loss/dataloader_idx_1', 'loss', 'val'],
  ['Evaluation_Loss_vs_Iterations', 'loss', 'val'],
  ['batch_loss', 'loss', 'train'],
  ['Charts/loss', 'loss', 'train'],
  ['system/metrics/cpu', 'cpu', null],
  ['x/lr0', 'lr', null],
  ['Trainingsverlust', 'loss', 'train'],
  ['Validierungsgenauigkeit', 'accuracy', 'val'],
  ['Fehlerrate', 'error', null],
  ['Lernrate', 'lr', 'train'],
  ["taux d'apprentissage", 'lr', 'train'],
  ['perte de validation', 'loss', 'val'],
  ["Perte d'entra\u00eenement", 'loss', 'train'],
  ['p\u00e9rdida de validaci\u00f3n', 'loss', 'val'],
  ["exactitude de l'entrainement", 'accuracy', 'train'],
  ['P\u00c9RDIDA', 'loss', 'train'],
  ['pr\u00e9cision', 'precision', null],
  ['\u8bad\u7ec3\u635f\u5931', 'loss', 'train'],
  ['\u9a8c\u8bc1\u51c6\u786e\u7387', 'accuracy', 'val'],
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
  ['train_in_eval_loss', true],
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

test('the usual names are those of the table', () => {
  for (const name of ['loss', 'lr', 'acc', 'accuracy', 'grad_norm', 'Loss', 'something']) expect(canonicalMetric(name)).toBe(metricOf(name));
});
