/** Places on axes, findings, cards, devices, requests: what stands where. */
import { describe, expect, test } from 'vitest';
import type { RunDetail, SeriesView } from '../../../preload/contract.ts';
import { nextPoint } from '../../../renderer/charts/keys.ts';
import { summary } from '../../../renderer/charts/summary.ts';
import { axesAvailable, axesOf, pairsOf, startingAxis, translate } from '../../../renderer/state/axes.ts';
import { byWidth } from '../../../renderer/state/curves.ts';
import { deviceTitle, lastOf, stretchesOf, type Device } from '../../../renderer/state/devices.ts';
import { findingMarks, gapPlaces, meanWindow } from '../../../renderer/state/findings.ts';
import { best, score } from '../../../renderer/state/palette.ts';
import { mainMetric, mainSeries, otherCards } from '../../../renderer/state/series.ts';
import { row } from './rows.ts';

function series(given: Partial<SeriesView>): SeriesView {
  const name = given.name ?? 'loss';
  return {
    key: name, name, metric: 'loss', split: null, probe: false, meaning: null, unit: null, points: 10, nonFinite: 0, last: null, lastFinite: null, min: null, max: null,
    file: 'log.csv', hasStep: true, hasEpoch: true, hasTime: true, segments: 1, halfWindow: null, ...given,
  };
}

function detail(given: Partial<RunDetail> = {}): RunDetail {
  return {
    row: row(), formats: [], planSteps: null, planEpochs: null, series: [], config: [], remedies: [], note: '', facts: [], startedAt: 1000,
    diagnosis: {
      sentence: '', verdict: null, causes: [], faults: [], checked: [], notChecked: [], waterfall: null, experiment: null, notify: [],
      gap: {
        metric: 'loss', state: 'val-below', d: 0.3, low: 0.2, high: 0.4, percent: 26, firedAt: { eval: 1, step: 200, epoch: null }, evals: 3,
        curve: { step: [100, 200, 300], epoch: [1, 2, 3], time: [1100, 1200, null], d: [0.1, 0.2, 0.3], low: [null, null, null], high: [null, null, null], provisional: false },
      },
    },
    ...given,
  };
}

describe('axes', () => {
  test('translate between what is known, also beyond the ends, and say null where nothing is known', () => {
    const axes = axesOf(detail());
    expect(axes.convert(150, 'step', 'epoch')).toBeCloseTo(1.5);
    expect(axes.convert(400, 'step', 'epoch')).toBeCloseTo(4);
    expect(axes.convert(2, 'epoch', 'elapsed')).toBeCloseTo(200);
    expect(axes.convert(1200, 'wall', 'step')).toBeCloseTo(200);
    expect(axes.convert(30, 'elapsed', 'wall')).toBe(1030);
    const none = detail({ startedAt: null });
    none.diagnosis.gap.curve.time = [null, null, null];
    expect(axesOf(none).convert(100, 'step', 'wall')).toBeNull();
  });

  test('use the run’s own places before the evals of the gap', () => {
    const axes = axesOf(detail({ places: { step: [0, 10], epoch: [0, 1], time: [1000, 1001] } }));
    expect(axes.convert(5, 'step', 'epoch')).toBeCloseTo(0.5);
  });

  test('leave out places that go back, as after a resume', () => {
    expect(pairsOf([1, 2, 1, 3], [10, 20, 99, 30])).toEqual([[1, 10], [2, 20], [3, 30]]);
    expect(translate(5, [[1, 1]])).toBeNull();
  });

  test('are offered where a series has them; evaluations with epochs begin with epochs', () => {
    const run = detail({ series: [series({ split: 'val', hasTime: false })] });
    expect(axesAvailable(run)).toEqual(['step', 'epoch']);
    expect(startingAxis(run, null)).toBe('epoch');
    expect(startingAxis(run, 'step')).toBe('step');
    expect(startingAxis(run, 'wall')).toBe('epoch');
    expect(axesAvailable(detail({ series: [series({ hasStep: false, hasEpoch: false, hasTime: false })] }))).toEqual(['step']);
  });
});

describe('findings', () => {
  test('stand where they fired on whichever axis, by step, epoch, time or eval', () => {
    const run = detail();
    run.diagnosis.faults = [
      { id: 'B2', name: 'spike', severity: 'warning', at: { step: 250 }, text: '', remedies: [], confidence: 1 },
      { id: 'B4', name: 'plateau', severity: 'info', at: { eval: 0 }, text: '', remedies: [], confidence: 1 },
      { id: 'B11', name: 'stalled', severity: 'critical', at: {}, text: '', remedies: [], confidence: 1 },
    ];
    const marks = findingMarks(run, axesOf(run), 'epoch');
    expect(marks.map((mark) => [mark.label, mark.x, mark.colour])).toEqual([
      ['plateau', 1, 'info'],
      ['validation above', 2, 'ink-2'],
      ['spike', 2.5, 'warn'],
    ]);
    expect(Array.from(gapPlaces(run, axesOf(run), 'elapsed'))).toEqual([100, 200, 300]);
  });
});

describe('cards', () => {
  const run = detail({
    series: [
      series({ name: 'val_loss', split: 'val' }),
      series({ name: 'loss_epoch', split: 'train', points: 5 }),
      series({ name: 'loss_step', split: 'train', points: 500 }),
      series({ name: 'clean', split: 'train', probe: true }),
      series({ name: 'f1', metric: 'f1', split: 'val' }),
      series({ name: 'lr', metric: 'lr' }),
      series({ name: 'grad', metric: 'grad_norm' }),
      series({ name: 'empty', metric: 'empty', points: 0 }),
    ],
  });

  test('the loss has its own chart, the densest train series first; the rest follows by use', () => {
    expect(mainMetric(run)).toBe('loss');
    expect(mainSeries(run).map((one) => one.name)).toEqual(['loss_step', 'loss_epoch', 'val_loss', 'clean']);
    expect(otherCards(run).map((card) => card.metric)).toEqual(['lr', 'grad_norm', 'f1']);
  });

  test('a run without loss shows what has both splits, else what there is', () => {
    const other = detail({ series: [series({ name: 'a', metric: 'a' }), series({ name: 'tm', metric: 'mse', split: 'train' }), series({ name: 'vm', metric: 'mse', split: 'val' })] });
    other.diagnosis.gap.metric = 'none';
    expect(mainMetric(other)).toBe('mse');
    expect(mainMetric(detail())).toBeNull();
  });
});

test('curves are asked for once each, by width', () => {
  const groups = byWidth([
    { chart: 'loss', series: ['t', 'v'], pixels: 1340 },
    { chart: 'small', series: ['lr', 't'], pixels: 400 },
    { chart: 'other', series: ['g'], pixels: 410 },
  ]);
  expect(groups).toEqual([[1340, ['t', 'v']], [400, ['lr']], [410, ['g']]]);
});

describe('devices', () => {
  const device: Device = {
    device: 'GPU-1', name: 'NVIDIA GeForce RTX 4090', memoryTotal: null, powerLimit: null, atMs: [1, 2, 3, 4, 5, 6],
    values: { util: [90, 0, 0, 0, 90, null], slowdown: [0, 0, 0, 0, 1, 0] }, processes: [],
  };

  test('are named without what every card says', () => {
    expect(deviceTitle(device, 0)).toBe('GPU 0 · RTX 4090');
    expect(lastOf(device, 'util')).toBe(90);
    expect(lastOf(device, 'power')).toBeNull();
  });

  test('show where they were throttled and where they idled', () => {
    const found = stretchesOf(device, [10, 20, 30, 40, 50, 60], { throttled: 'throttled', idle: 'idle' });
    expect(found.map(({ from, to, label }) => [label, from, to])).toEqual([['throttled', 50, 60], ['idle', 20, 50]]);
  });
});

describe('the palette', () => {
  const list = ['Go to Machine', 'gpt2-small/seed1', 'vit-b16', 'Settings'].map((title) => ({ id: title, title, kind: 'run' as const, aside: '', act: () => undefined }));

  test('finds by beginnings of words before letters in passing', () => {
    expect(best(list, 'set', 9)[0]?.title).toBe('Settings');
    expect(best(list, 'gs1', 9)[0]?.title).toBe('gpt2-small/seed1');
    expect(best(list, 'mach', 9)[0]?.title).toBe('Go to Machine');
    expect(best(list, 'zzz', 9)).toEqual([]);
    expect(best(list, ' ', 2)).toHaveLength(2);
    expect(score('abc', '')).toBe(0);
  });
});

test('a chart in one sentence says what the lines did and what is marked', () => {
  const line = { x: [0, 1, 2], y: [9, NaN, 2], label: 'train' };
  const spec = { lines: [], axis: 'epoch', range: { from: 0, to: 2 }, axes: 'both', verticals: [{ x: 1, label: 'gap fired', colour: 'bad' }] } as const;
  expect(summary('Loss', [line], spec)).toBe('Loss from epoch 0 to epoch 2: train fell from 9 to 2, lowest 2, highest 9. Marked: gap fired at epoch 1.');
  expect(summary('Loss', [{ ...line, end: NaN }], spec)).toMatch(/lowest 2, highest 9, then NaN\./);
  expect(summary('Loss', [], spec)).toBe('Loss: no points.');
});

test('the arrow keys go from point to point, in strides that fit the picture', () => {
  const viewport = { range: { from: 0, to: 100 }, whole: { from: 0, to: 100 }, cursor: 50, setZoom() {}, zoomBy() {}, panBy() {} };
  const dense = { x: Array.from({ length: 1001 }, (_, i) => i / 10), y: [] };
  expect(nextPoint(viewport, [dense], 1)).toBeCloseTo(51);
  expect(nextPoint(viewport, [dense], -1)).toBeCloseTo(49);
  expect(nextPoint({ ...viewport, cursor: 100 }, [dense], 1)).toBeNull();
});

test("the window of the gap's mean ends with the last eval that was measured", () => {
  const { gap } = detail().diagnosis;
  const x = [100, 200, 300, 400];
  const window = (d: number[], provisional = false, until: number | null = null) =>
    meanWindow({ ...gap, since: { eval: 0, step: 100, epoch: 1 }, until: until === null ? null : { eval: until, step: null, epoch: null }, curve: { ...gap.curve, d, provisional } }, x);
  expect(window([0.1, 0.2, 0.3, 0.4])).toEqual([100, 400]);
  expect(window([0.1, 0.2, 0.3, 0.4], true)).toEqual([100, 300]);
  expect(window([0.1, 0.2, NaN, NaN])).toEqual([100, 200]);
  expect(window([0.1, 0.2, NaN, NaN], true)).toEqual([100, 200]);
  expect(window([0.1, 0.2, 0.3, 0.4], false, 1)).toEqual([100, 200]);
  expect(window([0.1, NaN, NaN, NaN])).toBeNull();
  expect(meanWindow({ ...gap, since: null, until: null }, x)).toBeNull();
});
