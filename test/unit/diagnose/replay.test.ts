/** Reference section F, 6: replaying a run equals batch analysis, and nothing is known before it could be. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCorpus, type Labelled } from '../../bench/fit-corpora.ts';
import { upTo } from '../../bench/fit-samples.ts';
import { upTo as upToPosition } from '../../bench/replay.ts';
import { buildView } from '../../../main/service/diagnose/build-view.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import type { RunInput } from '../../../main/service/diagnose/input.ts';
import { unpackCorpus } from './unpacked.ts';

const corpus = unpackCorpus((_, index) => index % 10 === 0);
let runs: Labelled[] = [];

beforeAll(async () => {
  runs = await readCorpus(corpus.folder);
}, 60_000);
afterAll(() => corpus.remove());

describe('a run that is replayed eval by eval', () => {
  test('gives at its end what the whole run gives', () => {
    for (const { run } of runs) {
      const { evals } = buildView(run);
      let last = diagnose(run);
      for (let i = 0; i < evals.count; i += 1) last = diagnose(upTo(run, i));
      const whole = diagnose(upTo(run, evals.count - 1));
      expect(last).toEqual(whole);
    }
  }, 60_000);

  test('is said to have a gap from the eval on at whose arrival the whole run says it', () => {
    let checked = 0;
    for (const { run, id } of runs) {
      const { gap } = diagnose(run);
      if (gap.state !== 'val-below' || !gap.firedAt) continue;
      checked += 1;
      const states = Array.from({ length: gap.firedAt.eval + 1 }, (_, i) => diagnose(upTo(run, i)).gap);
      expect([id, states.at(-1)?.state, states.at(-1)?.firedAt?.eval]).toEqual([id, 'val-below', gap.firedAt.eval]);
      for (const before of states.slice(0, -1)) expect([id, before.state]).not.toEqual([id, 'val-below']);
    }
    expect(checked).toBeGreaterThan(5);
  }, 60_000);
});

test('points between two evals neither make nor unmake a gap', () => {
  let checked = 0;
  for (const { id, run } of runs) {
    const { evals, axis } = buildView(run);
    if (axis !== 'step' || evals.count < 10) continue;
    for (let i = 8; i + 1 < evals.count; i += 5) {
      const [now, next] = [evals.at[i] as number, evals.at[i + 1] as number];
      const at = diagnose(upToPosition(run, axis, now)).gap;
      for (const share of [0.3, 0.9]) {
        const between = diagnose(upToPosition(run, axis, now + share * (next - now) - 0.01)).gap;
        expect([id, i, between.state, between.firedAt?.eval]).toEqual([id, i, at.state, at.firedAt?.eval]);
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(50);
}, 60_000);

test('points that arrive one by one make the same arrays, and the same arrays the same diagnosis', () => {
  const { run } = runs[0] as Labelled;
  const grown: RunInput = {
    ...run,
    series: run.series.map((series) => ({
      ...series,
      step: new Float64Array(0),
      epoch: new Float64Array(0),
      time: new Float64Array(0),
      value: new Float64Array(0),
    })),
  };
  for (const [at, series] of run.series.entries()) {
    const into = grown.series[at] as RunInput['series'][number];
    for (const column of ['step', 'epoch', 'time', 'value'] as const) into[column] = series[column].slice();
  }
  expect(diagnose(grown)).toEqual(diagnose(run));
});

test('the order of series and settings makes no difference', () => {
  for (const { run } of runs) {
    const turned: RunInput = { ...run, series: [...run.series].reverse(), config: new Map([...run.config].reverse()) };
    expect(diagnose(turned)).toEqual(diagnose(run));
  }
});

test('the input is left as it was', () => {
  const { run } = runs[1] as Labelled;
  const before = run.series.map(({ value }) => Array.from(value));
  diagnose(run);
  expect(run.series.map(({ value }) => Array.from(value))).toEqual(before);
});
