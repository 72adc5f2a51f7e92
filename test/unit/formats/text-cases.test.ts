import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textFormats } from '../../../main/service/formats/text.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { bytesOf, filesOf, folderOf, LOGS, nameOf, rowsOf, truthOf } from './cases.ts';
import { readAtOnce, readLive } from './reading.ts';
import { probeOf, readFile, textFormatOf } from './text-reading.ts';
import { differences, type Row } from './truth.ts';

const OTHERS = /^(tb-|wandb-|mlflow-|swanlab|trackio|lightning-tb|hf-trainer-tb)/;
const cases = readdirSync(LOGS).filter((name) => !OTHERS.test(name) && !name.includes('.') && textFilesOf(name).length > 0);
const truths = new Set(readdirSync(LOGS).filter((name) => name.endsWith('.truth.json')).map((name) => name.replace('.truth.json', '')));

/** The files that a text format takes. */
function textFilesOf(name: string): string[] {
  return filesOf(name).filter((path) => textFormatOf(probeOf(name, path)) !== null);
}

/** Of the checkpoints of a run, the last: it tells the whole history. Which one counts is decided in runs/, not here. */
function lastCheckpoints(paths: string[]): string[] {
  const last = new Map<string, [number, string]>();
  const step = (path: string): number => Number(/checkpoint-(\d+)\/[^/]*$/.exec(path)?.[1] ?? NaN);
  for (const path of paths) {
    const parent = path.replace(/checkpoint-\d+\/[^/]*$/, '');
    if (nameOf(path) === 'trainer_state.json' && step(path) > (last.get(parent)?.[0] ?? -1)) last.set(parent, [step(path), path]);
  }
  const kept = new Set([...last.values()].map(([, path]) => path));
  return paths.filter((path) => nameOf(path) !== 'trainer_state.json' || kept.has(path) || Number.isNaN(step(path)));
}

/** Ray writes everything twice: each of the two files has to tell all. */
function selections(paths: string[]): string[][] {
  if (!paths.some((path) => nameOf(path) === 'result.json')) return [lastCheckpoints(paths)];
  return ['result.json', 'progress.csv'].map((left) => paths.filter((path) => nameOf(path) !== left));
}

/** What their files say together is known when runs/ has joined them: test/files/truth.test.ts. */
const JOINED = new Set(['dvclive', 'keras2', 'mmengine', 'ultralytics-real']);

describe.each(cases.filter((name) => truths.has(name) && !JOINED.has(name)))('%s', (name) => {
  it('gives every point and every setting that was logged, and none extra', () => {
    for (const paths of selections(textFilesOf(name))) {
      const rows: Row[] = [];
      const configs = new Map();
      for (const path of paths) {
        const { reading } = readFile(name, path);
        expect(reading.problems).toEqual([]);
        const run = folderOf(path);
        rows.push(...rowsOf(reading, run));
        configs.set(run, new Map([...(configs.get(run) ?? []), ...reading.config]));
      }
      expect(differences({ rows, configs }, truthOf(name), { ignoreSplit: true })).toEqual([]);
    }
  });

  it('never fixes a split that is not the right one', () => {
    for (const path of lastCheckpoints(textFilesOf(name))) {
      for (const { name: series, hints } of readFile(name, path).reading.series.values()) {
        const meant = truthOf(name).runs.flatMap((run) => run.series.filter((each) => each.name === series || each.alt?.some((alt) => alt.name === series)));
        if (hints.split === undefined || meant.length === 0) continue;
        expect(meant.flatMap((each) => [each.split, ...(each.splitAlt ?? [])]), `${path} ${series}`).toContain(hints.split);
      }
    }
  });

});

describe.each(cases)('%s', (name) => {
  it('gives the same when it is read as it grows', () => {
    for (const path of textFilesOf(name)) {
      const format = textFormatOf(probeOf(name, path));
      if (format?.kind !== 'stream') continue;
      const bytes = bytesOf(name, path);
      const where = { path, name: nameOf(path) };
      const whole = readAtOnce(format, bytes, where);
      expect(whole.series.size).toBeGreaterThan(0);
      for (const [seed, largest] of [[1, 5], [2, 60], [3, 2000]] as const) {
        expect(readLive(format, bytes, where, seeded(seed), largest)).toEqual(whole);
      }
    }
  });
});

interface Label {
  id: string;
  format: string;
  evals: number;
  evalEvery: number;
  hasV0: boolean;
  hasProbe: boolean;
}

const labels = (JSON.parse(readFileSync(join(LOGS, 'corpus.labels.json'), 'utf8')) as { runs: Label[] }).runs;

it.each(labels)('$format run $id of the corpus has its evaluations and its training loss', ({ id, format, evals, evalEvery, hasV0, hasProbe }) => {
  const name = `corpus-${format}`;
  const series = filesOf(name).flatMap((path) => (path.startsWith(id) ? [...readFile(name, path).reading.series.values()] : []));
  const val = series.find((each) => /^(val_loss|eval_loss|val loss)$/.test(each.name));
  const places = (val?.points ?? []).map(([step, epoch]) => (Number.isNaN(step) ? epoch * evalEvery : step));
  expect(places.length - (hasV0 ? 1 : 0)).toBe(evals);
  expect((places.at(-1) ?? 0) - (places.at(-2) ?? 0)).toBeCloseTo(evalEvery, 6);
  expect(series.some((each) => /^(loss|train_loss|train_loss_step)$/.test(each.name) && each.points.length > 1)).toBe(true);
  if (hasProbe) expect(series.some((each) => /^(clean_train_loss|eval_clean_loss|eval_train_loss|train loss)$/.test(each.name))).toBe(true);
});

it('every text format has a sample', () => {
  const seen = new Set(cases.flatMap((name) => filesOf(name).map((path) => textFormatOf(probeOf(name, path))?.id)));
  expect(textFormats.map((format) => format.id).filter((id) => !seen.has(id))).toEqual([]);
});
