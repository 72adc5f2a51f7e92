/** Which files are one run, where names do not say it: read at once in any order, and live in small appends. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { isConfigOnly } from '../../main/service/formats/ids.ts';
import { formatById, recognise } from '../../main/service/formats/registry.ts';
import { openCatalogue, type Catalogue } from '../../main/service/runs/catalogue.ts';
import { currentPoints } from '../../main/service/runs/columns.ts';
import { openWorld, type World } from './world.ts';

/** A training of its own: the same seed is the same training. Values in 0..3. */
function loss(seed: number, step: number): number {
  return 2.5 / (1 + step / 40) + 0.4 * Math.abs(Math.sin(seed * 12.9898 + step * 0.7));
}

interface Span {
  seed: number;
  from?: number;
  to?: number;
  every?: number;
}

const range = ({ from = 0, to = 200, every = 10 }: Span): number[] => Array.from({ length: Math.floor((to - from) / every) }, (_, i) => from + i * every);

const text = (span: Span): string[] => range(span).map((step) => `step ${step} | loss ${loss(span.seed, step).toFixed(4)} | val loss ${(loss(span.seed, step) * 1.1).toFixed(4)}\n`);
const csv = (span: Span): string[] => ['step,loss,val_loss\n', ...range(span).map((step) => `${step},${loss(span.seed, step)},${loss(span.seed, step) * 1.1}\n`)];
const jsonl = (span: Span): string[] => range(span).map((step) => `${JSON.stringify({ step, loss: loss(span.seed, step), val_loss: loss(span.seed, step) * 1.1 })}\n`);
const one = (name: string, span: Span): string[] => [`step,${name}\n`, ...range(span).map((step) => `${step},${loss(span.seed, step)}\n`)];
const lightning = (span: Span): string[] => ['epoch,step,train_loss,val_loss\n', ...range(span).map((step) => `0,${step},${loss(span.seed, step)},${loss(span.seed, step) * 1.1}\n`)];

type Files = Record<string, string[]>;
const A = { seed: 1 };
const B = { seed: 2 };

/** Files, and the runs they are: ids with their files. */
const SCENES: Record<string, [Files, Record<string, string[]>]> = {
  'two consoles': [{ 'a.log': text(A), 'b.log': text(B) }, { 'a.log': ['a.log'], 'b.log': ['b.log'] }],
  'numbered consoles': [{ 'x/train_1.log': text(A), 'x/train_2.log': text(B) }, { 'x/train_1.log': ['x/train_1.log'], 'x/train_2.log': ['x/train_2.log'] }],
  'jobs with other intervals': [
    { 'slurm-101.out': text({ ...A, from: 10 }), 'slurm-102.out': text({ ...B, from: 50, every: 50, to: 900 }) },
    { 'slurm-101.out': ['slurm-101.out'], 'slurm-102.out': ['slurm-102.out'] },
  ],
  'five folds': [
    Object.fromEntries([0, 1, 2, 3, 4].map((seed) => [`cv/fold${seed}.csv`, csv({ seed })])),
    Object.fromEntries([0, 1, 2, 3, 4].map((seed) => [`cv/fold${seed}.csv`, [`cv/fold${seed}.csv`]])),
  ],
  'rates as names, equal first values': [
    { 'lr1e-3.jsonl': ['{"step":0,"loss":2.3}\n', ...jsonl({ ...A, from: 10 })], 'lr1e-4.jsonl': ['{"step":0,"loss":2.3}\n', ...jsonl({ ...B, from: 10 })] },
    { 'lr1e-3.jsonl': ['lr1e-3.jsonl'], 'lr1e-4.jsonl': ['lr1e-4.jsonl'] },
  ],
  'rotation': [{ 'train.log': text({ ...A, from: 200, to: 300 }), 'train.log.1': text({ ...A, from: 100 }), 'train.log.2': text({ ...A, to: 100 }) }, { '.': ['train.log', 'train.log.1', 'train.log.2'] }],
  'a resumed job': [{ 'slurm-99.out': text(A), 'slurm-100.out': text({ ...A, from: 150, to: 400 }) }, { '.': ['slurm-100.out', 'slurm-99.out'] }],
  'a job resumed from its first checkpoint': [{ 'z.out': text({ ...A, every: 50 }), 'b.out': text({ ...A, from: 50, every: 50, to: 400 }) }, { '.': ['b.out', 'z.out'] }],
  'two jobs, one of them resumed': [
    { 'slurm-101.out': text(A), 'slurm-102.out': text({ ...A, from: 200, to: 400 }), 'slurm-103.out': text({ ...B, to: 400 }) },
    { 'slurm-101.out': ['slurm-101.out', 'slurm-102.out'], 'slurm-103.out': ['slurm-103.out'] },
  ],
  'the two streams of a job': [{ 'train.out': text(A), 'train.err': text({ ...A, every: 7 }) }, { '.': ['train.err', 'train.out'] }],
  'a copy by tee': [{ 'slurm-7.out': text(A), 'mine.log': text(A) }, { '.': ['mine.log', 'slurm-7.out'] }],
  'a console beside a table': [{ 'run.out': text(A), 'metrics.csv': csv(A) }, { '.': ['metrics.csv', 'run.out'] }],
  'consoles beside their tables': [
    { 'a.log': text(A), 'a.csv': csv(A), 'b.log': text(B), 'b.csv': csv(B) },
    { 'a.csv': ['a.csv', 'a.log'], 'b.csv': ['b.csv', 'b.log'] },
  ],
  'a table for each split': [{ 'train.csv': one('loss', A), 'val.csv': one('loss', B) }, { '.': ['train.csv', 'val.csv'] }],
  'a table for each metric': [{ 'loss.csv': one('loss', A), 'accuracy.csv': one('accuracy', B) }, { '.': ['accuracy.csv', 'loss.csv'] }],
  'steps and epochs': [{ 'steps.csv': one('loss', A), 'epochs.csv': one('loss', { ...B, every: 50 }) }, { '.': ['epochs.csv', 'steps.csv'] }],
  'a job beside the only run': [{ 'x/slurm-101.out': text(A), 'x/lightning_logs/version_0/metrics.csv': lightning(B).map((line) => line.replace('val_loss', 'val_acc')) }, { 'x/lightning_logs/version_0': ['x/lightning_logs/version_0/metrics.csv', 'x/slurm-101.out'] }],
  'a log beside the folder of its table': [{ 'x/nohup.out': text(A), 'x/logs/metrics.csv': lightning(A) }, { x: ['x/logs/metrics.csv', 'x/nohup.out'] }],
  'a log beside a run that measured other values': [
    { 'x/nohup.out': text(A), 'x/logs/metrics.csv': lightning(B) },
    { x: ['x/nohup.out'], 'x/logs': ['x/logs/metrics.csv'] },
  ],
  'a log beside a run with a name of its own': [
    { 'train.log': text(A), 'resnet/metrics.csv': lightning(B) },
    { '.': ['train.log'], resnet: ['resnet/metrics.csv'] },
  ],
  'jobs beside several runs': [
    {
      'slurm-1.out': text(A), 'slurm-2.out': text(B), 'slurm-3.out': text({ seed: 3 }),
      'lightning_logs/version_0/metrics.csv': lightning(A), 'lightning_logs/version_1/metrics.csv': lightning(B), 'lightning_logs/version_2/metrics.csv': lightning({ seed: 4 }),
    },
    {
      'lightning_logs/version_0': ['lightning_logs/version_0/metrics.csv', 'slurm-1.out'],
      'lightning_logs/version_1': ['lightning_logs/version_1/metrics.csv', 'slurm-2.out'],
      'lightning_logs/version_2': ['lightning_logs/version_2/metrics.csv'],
      'slurm-3.out': ['slurm-3.out'],
    },
  ],
  'logs in a folder of their own, named after the runs': [
    { 'slurm/small.log': text(A), 'slurm/large.log': text(B), 'runs/small/metrics.csv': one('train_ppl', A), 'runs/large/metrics.csv': one('train_ppl', B) },
    { 'runs/small': ['runs/small/metrics.csv', 'slurm/small.log'], 'runs/large': ['runs/large/metrics.csv', 'slurm/large.log'] },
  ],
};

function runsOf(catalogue: Catalogue): Record<string, string[]> {
  return Object.fromEntries(catalogue.runs().map((run) => [run.folder, run.sources.map(({ row }) => row.path).sort()]));
}

async function follow(world: World): Promise<Catalogue> {
  const catalogue = openCatalogue(world.store, isConfigOnly, () => new Map());
  await world.look();
  catalogue.reload(world.rootId);
  return catalogue;
}

function write(world: World, path: string, lines: readonly string[]): void {
  mkdirSync(dirname(join(world.root, path)), { recursive: true });
  appendFileSync(join(world.root, path), lines.join(''));
}

test.each(Object.entries(SCENES))('%s', async (_, [files, expected]) => {
  for (const names of [Object.keys(files), Object.keys(files).reverse()]) {
    const world = await openWorld({ recognise, formatById });
    try {
      for (const name of names) {
        write(world, name, files[name] ?? []);
        await world.look();
      }
      expect(runsOf(await follow(world))).toEqual(expected);
    } finally {
      await world.close();
    }
  }
});

test.each(Object.entries(SCENES))('%s, live', async (_, [files, expected]) => {
  const world = await openWorld({ recognise, formatById });
  try {
    const catalogue = await follow(world);
    const left = new Map(Object.entries(files).map(([name, lines]) => [name, [...lines]]));
    for (let turn = 0, random = 7; left.size > 0; turn += 1) {
      random = (random * 48271) % 2147483647;
      const [name, lines] = [...left][random % left.size] ?? ['', []];
      write(world, name, lines.splice(0, 1 + (random % 5)));
      if (lines.length === 0) left.delete(name);
      world.events.length = 0;
      await world.look();
      catalogue.refresh(world.events.flatMap((event) => (event.kind === 'grew' || event.kind === 'added' ? event.sourceIds : [])));
    }
    expect(runsOf(catalogue)).toEqual(expected);
  } finally {
    await world.close();
  }
});

test('rotated and resumed logs are read in the order in which they were written', async () => {
  const world = await openWorld({ recognise, formatById });
  try {
    for (const [name, lines] of Object.entries(SCENES['rotation']?.[0] ?? {})) write(world, `a/${name}`, lines);
    for (const [name, lines] of Object.entries(SCENES['a resumed job']?.[0] ?? {})) write(world, `b/${name}`, lines);
    const catalogue = await follow(world);
    const steps = catalogue.runs().map((run) => {
      const train = run.series.find(({ split }) => split === 'train');
      const points = train ? currentPoints(train, (id) => world.store.points(id)) : null;
      return [...(points?.step.subarray(0, points.length) ?? [])];
    });
    expect(steps).toEqual([range({ seed: 0, to: 300 }), range({ seed: 0, to: 400 })]);
  } finally {
    await world.close();
  }
});
