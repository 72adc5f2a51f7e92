import { describe, expect, it } from 'vitest';
import { differences, type Found, type Row, type Truth, type TruthSeries } from './truth.ts';

function row(step: number | null, value: number, more: Partial<Row> = {}): Row {
  return { run: 'r', series: 'loss', split: 'train', step, epoch: null, value, ...more };
}

function truth(series: Partial<TruthSeries>, more: Partial<Truth['runs'][0]> = {}): Truth {
  const points: TruthSeries['points'] = [
    [0, null, 1],
    [1, null, 'NaN'],
    [2, null, '-Infinity'],
  ];
  return { case: 'c', runs: [{ id: 'r', config: {}, series: [{ name: 'loss', split: 'train', points, ...series }], ...more }] };
}

const ROWS = [row(0, 1), row(1, NaN), row(2, -Infinity)];
function compare(rows: Row[], wanted: Truth, configs?: Found['configs']): string[] {
  return differences({ rows, ...(configs ? { configs } : {}) }, wanted);
}

describe('the comparison with the truth', () => {
  it('finds nothing where all is as logged, in any order', () => {
    expect(compare(ROWS, truth({}))).toEqual([]);
    expect(compare(ROWS.toReversed(), truth({}))).toEqual([]);
  });

  it('finds what is missing, extra, doubled, changed or invented', () => {
    expect(compare(ROWS.slice(1), truth({}))).toHaveLength(1);
    expect(compare([...ROWS, row(3, 1)], truth({}))).toHaveLength(1);
    expect(compare([...ROWS, row(0, 1)], truth({}))).toHaveLength(1);
    expect(compare([row(0, 1 + 1e-9), ...ROWS.slice(1)], truth({}))).toHaveLength(1);
    expect(compare([row(0, 1, { epoch: 0 }), ...ROWS.slice(1)], truth({}))).toHaveLength(1);
    expect(compare([row(0, 1), row(1, 0), row(2, -Infinity)], truth({}))).toHaveLength(1);
    expect(compare([], truth({}))).toHaveLength(1);
    expect(compare([...ROWS, row(0, 1, { series: 'other' })], truth({}))).toHaveLength(1);
    expect(compare([...ROWS, row(0, 1, { run: 'elsewhere' })], truth({}))).toHaveLength(1);
    expect(compare(ROWS.map((one) => ({ ...one, split: null })), truth({}))).toHaveLength(2);
  });

  it('accepts float32 of what was logged in double precision', () => {
    const points: TruthSeries['points'] = [[0, null, 0.1]];
    expect(compare([row(0, Math.fround(0.1))], truth({ points }))).toEqual([]);
  });

  it('accepts other names, runs, splits and points only where the truth says so', () => {
    const renamed = ROWS.map((one) => ({ ...one, series: 'train/loss', run: 'r/sub' }));
    expect(compare(renamed, truth({}))).toHaveLength(2);
    expect(compare(renamed, truth({ alt: [{ run: 'r/sub', name: 'train/loss' }] }))).toEqual([]);
    expect(compare(ROWS.map((one) => ({ ...one, run: 'x' })), truth({}, { idAlt: ['x'] }))).toEqual([]);
    expect(compare(ROWS.map((one) => ({ ...one, split: null })), truth({ splitAlt: [null] }))).toEqual([]);
    expect(compare([row(10, 5)], truth({ alt: [{ points: [[10, null, 5]] }] }))).toEqual([]);
  });

  it('accepts optional series and points, loose epochs, and other series on demand', () => {
    expect(compare([], truth({ optional: true }))).toEqual([]);
    expect(compare([row(7, 7)], truth({ optional: true }))).toEqual([]);
    const optional = truth({ optionalPoints: [[9, null, 9]] });
    expect(compare(ROWS, optional)).toEqual([]);
    expect(compare([...ROWS, row(9, 9)], optional)).toEqual([]);
    expect(compare([...ROWS, row(9, 9), row(9, 9)], optional)).toHaveLength(1);
    expect(compare(ROWS.map((one) => ({ ...one, epoch: 3 })), truth({ axisLoose: true }))).toEqual([]);
    expect(compare([...ROWS, row(0, 1, { series: 'other' })], { ...truth({}), ignoreOtherSeries: true })).toEqual([]);
  });

  it('compares configuration by key and value', () => {
    const wanted = truth({}, { config: { lr: 0.1, nesterov: true } });
    expect(compare(ROWS, wanted, new Map([['r', new Map<string, number>([['lr', 0.1], ['nesterov', 1], ['more', 2]])]]))).toEqual([]);
    expect(compare(ROWS, wanted, new Map([['r', new Map<string, number | string>([['lr', '0.1'], ['nesterov', 1]])]]))).toHaveLength(1);
    expect(compare(ROWS, wanted)).toHaveLength(2);
  });
});
