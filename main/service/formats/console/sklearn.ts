import type { Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const MLP = new RegExp(`^Iteration (\\d+), loss = (${NUM})$`);
const SCORE = new RegExp(`^Validation score: (${NUM})$`);
const HEADER = /^Iter\s{2,}Train Loss\s{2,}/;
const ROW = new RegExp(`^(\\d+)((?:\\s+${NUM})+)\\s+[\\d.]+[smh]?$`);
const SGD = new RegExp(`^Norm: (${NUM}), NNZs: \\d+, Bias: \\S+, T: (\\d+), Avg\\. loss: (${NUM})`);

interface State {
  iteration: number;
  columns: string[];
}

/**
 * What scikit-learn prints with `verbose`: `Iteration 5, loss = 0.3` of the MLP (with `Validation score:` below), the table of
 * gradient boosting, and `Avg. loss` of SGD. Steps are the printed iterations, from 1.
 */
export const sklearn = consoleFormat({ id: 'sklearn', title: 'scikit-learn console', open: openSklearn });

export function openSklearn(saved?: unknown): Dialect {
  const state: State = { iteration: NaN, columns: [] };
  const before = saved as { iteration: number | null; columns: string[] } | null | undefined;
  if (before) Object.assign(state, { iteration: before.iteration ?? NaN, columns: before.columns });
  return {
    line({ text }, sink) {
      const mlp = MLP.exec(text);
      if (mlp) {
        state.iteration = Number(mlp[1]);
        put(sink, 'loss', { split: 'train', meaning: 'epoch-mean' }, { step: state.iteration }, toNumber(mlp[2]));
        return true;
      }
      const score = SCORE.exec(text);
      if (score && !Number.isNaN(state.iteration)) {
        put(sink, 'Validation score', { split: 'val', meaning: 'evaluation' }, { step: state.iteration }, toNumber(score[1]));
        return true;
      }
      const sgd = SGD.exec(text);
      if (sgd) {
        put(sink, 'Avg. loss', { split: 'train', metric: 'loss', meaning: 'epoch-mean' }, { step: Number(sgd[2]) }, toNumber(sgd[3]));
        return true;
      }
      return readTable(text, state, sink);
    },
    save: () => ({ iteration: Number.isNaN(state.iteration) ? null : state.iteration, columns: state.columns })
  };
}

function readTable(text: string, state: State, sink: Sink): boolean {
  if (HEADER.test(text)) {
    state.columns = text.trim().split(/\s{2,}/).slice(1, -1);
    return true;
  }
  if (state.columns.length === 0) return false;
  const row = ROW.exec(text);
  if (!row) return false;
  const values = (row[2] as string).trim().split(/\s+/);
  state.columns.forEach((name, at) => {
    const hints = name === 'Train Loss' ? ({ split: 'train', meaning: 'evaluation' } as const) : {};
    if (values[at] !== undefined) put(sink, name, hints, { step: Number(row[1]) }, toNumber(values[at]));
  });
  return true;
}
