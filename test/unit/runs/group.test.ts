import { expect, test } from 'vitest';
import { groupSources, type Grouped } from '../../../main/service/runs/group.ts';
import { seriesRow, valueAt } from './series-row.ts';

function sources(list: [path: string, format: string, names?: string[], points?: number][]): Grouped[] {
  return list.map(([path, format, names = [], points = 100], id) => ({ id, path, format, configOnly: /^(hparams|args|config|yaml)/.test(format), series: names.map((name) => ({ ...seriesRow(name), count: points })) }));
}

function grouped(list: Parameters<typeof sources>[0]): Record<string, string> {
  const all = sources(list);
  const { assigned } = groupSources(all, valueAt);
  return Object.fromEntries(all.map(({ id, path }) => {
    const home = assigned.get(id);
    return [path, home ? [home.run, home.split, home.suffix].filter((part) => part !== null).join(' ') : 'none'];
  }));
}

test('the train and validation folders of Keras are one run', () => {
  expect(grouped([['logs/train/events.out.tfevents.1', 'tensorboard'], ['logs/validation/events.out.tfevents.2', 'tensorboard']])).toEqual({
    'logs/train/events.out.tfevents.1': 'logs train',
    'logs/validation/events.out.tfevents.2': 'logs val',
  });
});

test('a folder called train among other runs stays a run', () => {
  expect(grouped([['runs/train/events.out.tfevents.1', 'tensorboard'], ['runs/resnet/events.out.tfevents.2', 'tensorboard']])).toEqual({
    'runs/train/events.out.tfevents.1': 'runs/train',
    'runs/resnet/events.out.tfevents.2': 'runs/resnet',
  });
});

test('children of add_scalars belong to the run above, by PyTorch and by tensorboardX', () => {
  expect(
    grouped([
      ['exp/events.out.tfevents.1', 'tensorboard', ['grad', 'lr']],
      ['exp/metrics_loss_train/events.out.tfevents.2', 'tensorboard', ['metrics/loss']],
      ['exp/metrics_loss_smooth/events.out.tfevents.3', 'tensorboard', ['metrics/loss']],
      ['exp/loss/val/events.out.tfevents.4', 'tensorboard', ['loss']],
      ['exp/second_run/events.out.tfevents.5', 'tensorboard', ['loss', 'acc']],
    ]),
  ).toEqual({
    'exp/events.out.tfevents.1': 'exp',
    'exp/metrics_loss_train/events.out.tfevents.2': 'exp train',
    'exp/metrics_loss_smooth/events.out.tfevents.3': 'exp smooth',
    'exp/loss/val/events.out.tfevents.4': 'exp val',
    'exp/second_run/events.out.tfevents.5': 'exp/second_run',
  });
});

test('add_hparams folders belong to the run above', () => {
  expect(
    grouped([
      ['trial/events.out.tfevents.1', 'tensorboard', ['loss/train']],
      ['trial/1795351018.0760908/events.out.tfevents.2', 'tensorboard', ['hparam/final_loss'], 1],
      ['trial/hp/events.out.tfevents.3', 'tensorboard', ['hparam/final_loss'], 1],
    ]),
  ).toEqual({
    'trial/events.out.tfevents.1': 'trial',
    'trial/1795351018.0760908/events.out.tfevents.2': 'trial',
    'trial/hp/events.out.tfevents.3': 'trial',
  });
});

test('checkpoints, event files and configuration of a Hugging Face run are one', () => {
  expect(
    grouped([
      ['out/checkpoint-10/trainer_state.json', 'hf-trainer'],
      ['out/checkpoint-20/trainer_state.json', 'hf-trainer'],
      ['out/checkpoint-20/config.json', 'config'],
      ['out/runs/Nov20_10-11-12_host/events.out.tfevents.1', 'tensorboard'],
    ]),
  ).toEqual({
    'out/checkpoint-10/trainer_state.json': 'out',
    'out/checkpoint-20/trainer_state.json': 'out',
    'out/checkpoint-20/config.json': 'out',
    'out/runs/Nov20_10-11-12_host/events.out.tfevents.1': 'out',
  });
});

test('trackers, one folder a run', () => {
  const run = 'mlruns/0/7b24b13f17bac194b6ae4b1d3423bf15';
  expect(
    grouped([
      [`${run}/metrics/train/loss`, 'mlflow'],
      [`${run}/meta.yaml`, 'mlflow'],
      ['wandb/offline-run-20261122_124310-q1w2e3r4/run-q1w2e3r4.wandb', 'wandb'],
      ['wandb/offline-run-20261122_124310-q1w2e3r4/files/config.yaml', 'config'],
      ['mlflow.db#f7ae94662c20b8f797323b35156199d0', 'mlflow-db'],
      ['work/20261115_081500/vis_data/scalars.json', 'mmengine'],
    ]),
  ).toEqual({
    [`${run}/metrics/train/loss`]: run,
    [`${run}/meta.yaml`]: run,
    'wandb/offline-run-20261122_124310-q1w2e3r4/run-q1w2e3r4.wandb': 'wandb/offline-run-20261122_124310-q1w2e3r4',
    'wandb/offline-run-20261122_124310-q1w2e3r4/files/config.yaml': 'wandb/offline-run-20261122_124310-q1w2e3r4',
    'mlflow.db#f7ae94662c20b8f797323b35156199d0': 'f7ae94662c20b8f797323b35156199d0',
    'work/20261115_081500/vis_data/scalars.json': 'work/20261115_081500',
  });
});

test('a database is no run of its own, and # in a folder is just a letter', () => {
  expect(grouped([['mlflow.db', 'mlflow-db'], ['mlflow.db#abc', 'mlflow-db'], ['c#/metrics.csv', 'csv']])).toEqual({
    'mlflow.db': 'none',
    'mlflow.db#abc': 'abc',
    'c#/metrics.csv': 'c#',
  });
});

test('configuration without a log of its own goes to the one run below, or to none', () => {
  expect(grouped([['exp/config.yaml', 'config'], ['exp/logs/metrics.csv', 'csv'], ['other/config.yaml', 'config'], ['many/config.yaml', 'config'], ['many/a/metrics.csv', 'csv'], ['many/b/metrics.csv', 'csv']])).toMatchObject({
    'exp/config.yaml': 'exp/logs',
    'other/config.yaml': 'none',
    'many/config.yaml': 'none',
  });
});

test('a folder called train that holds all splits, or children of its own, is a run', () => {
  expect(grouped([['train/events.out.tfevents.1', 'tensorboard', ['loss', 'eval_loss']]])).toEqual({ 'train/events.out.tfevents.1': 'train' });
  expect(grouped([['train/events.out.tfevents.1', 'tensorboard', ['grad_norm']], ['train/loss_a/events.out.tfevents.2', 'tensorboard', ['loss']]])).toEqual({
    'train/events.out.tfevents.1': 'train',
    'train/loss_a/events.out.tfevents.2': 'train a',
  });
});

test("tensorboardX' add_scalars with a slash in its name belongs to the run that logged it", () => {
  const event = 'events.out.tfevents.1';
  expect(grouped([[`x/${event}`, 'tensorboard', ['lr']], [`x/metrics/loss/train/${event}`, 'tensorboard', ['metrics/loss']], [`x/metrics/loss/val/${event}`, 'tensorboard', ['metrics/loss']]])).toEqual({
    [`x/${event}`]: 'x',
    [`x/metrics/loss/train/${event}`]: 'x train',
    [`x/metrics/loss/val/${event}`]: 'x val',
  });
});

test('DVCLive may write to a folder of any name', () => {
  expect(grouped([['logs/run 2/plots/metrics/train/loss.tsv', 'dvclive'], ['plots/metrics/acc.tsv', 'dvclive']])).toEqual({
    'logs/run 2/plots/metrics/train/loss.tsv': 'logs/run 2',
    'plots/metrics/acc.tsv': '.',
  });
});

test("Hydra's configuration belongs to the run beside it", () => {
  const run = 'outputs/2026-11-28/10-10-10';
  expect(grouped([[`${run}/.hydra/config.yaml`, 'config'], [`${run}/train.log`, 'console'], ['outputs/2026-11-28/11-11-11/train.log', 'console']])).toMatchObject({ [`${run}/.hydra/config.yaml`]: run });
});

test('the folders of Keras belong together also where a console log or a table lies beside them', () => {
  expect(grouped([['x/train.log', 'keras-console'], ['x/train/events.out.tfevents.1', 'tensorboard'], ['x/validation/events.out.tfevents.2', 'tensorboard']])).toEqual({
    'x/train.log': 'x',
    'x/train/events.out.tfevents.1': 'x train',
    'x/validation/events.out.tfevents.2': 'x val',
  });
});

test('configuration goes with the log that it is named after', () => {
  const one = seriesRow('loss', [[0, 2], [1, 1], [2, 0.5]]);
  const two = seriesRow('loss', [[0, 3], [1, 2.5], [2, 1.5]]);
  const all: Grouped[] = [
    { id: 0, path: 'x/fold0.csv', format: 'csv', configOnly: false, series: [one] },
    { id: 1, path: 'x/fold1.csv', format: 'csv', configOnly: false, series: [two] },
    { id: 2, path: 'x/fold1.yaml', format: 'config-yaml', configOnly: true, series: [] },
    { id: 3, path: 'x/config.yaml', format: 'config-yaml', configOnly: true, series: [] },
  ];
  for (const order of [all, all.toReversed()]) {
    const { assigned } = groupSources(order, valueAt);
    expect([0, 1, 2, 3].map((id) => assigned.get(id)?.run)).toEqual(['x/fold0.csv', 'x/fold1.csv', 'x/fold1.csv', undefined]);
  }
});
