import { describe, expect, it } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import { mlflowMeta, mlflowMetric, mlflowParam, mlflowTag } from '../../../main/service/formats/mlflow-files.ts';
import type { ConfigValue, SnapshotFormat } from '../../../main/service/formats/format.ts';
import { recognise } from '../../../main/service/formats/registry.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { bytesOf, filesOf, nameOf, rowsOf, truthOf } from './cases.ts';
import { readAtOnce, readLive } from './reading.ts';
import { differences, type Row } from './truth.ts';

const METRIC = { path: 'mlruns/0/0123456789abcdef0123456789abcdef/metrics/train/loss', name: 'loss' };

function runOf(path: string): string {
  return /^(.*[0-9a-f]{32})\//.exec(path)?.[1] ?? '';
}

function snapshot(format: SnapshotFormat, text: string, path: string): Batch {
  const batch = new Batch();
  format.parse(Buffer.from(text), batch, { path, name: nameOf(path) });
  return batch;
}

describe.each(['mlflow-files', 'mlflow-3-files'])('%s', (name) => {
  it('gives every point and parameter that was logged, and none extra', () => {
    const rows: Row[] = [];
    const configs = new Map<string, Map<string, ConfigValue>>();
    const names = new Map<string, unknown>();
    const states: unknown[] = [];
    for (const path of filesOf(name)) {
      const bytes = bytesOf(name, path);
      const format = recognise({ path, name: nameOf(path), head: bytes, size: bytes.length, siblings: new Set() });
      const run = runOf(path);
      if (format?.id === 'mlflow') rows.push(...rowsOf(readAtOnce(mlflowMetric, bytes, { path, name: nameOf(path) }), run));
      else if (format?.kind === 'snapshot' && format.id.startsWith('mlflow-')) {
        const batch = new Batch();
        format.parse(bytes, batch, { path, name: nameOf(path) });
        configs.set(run, new Map([...(configs.get(run) ?? []), ...batch.configs]));
        if (batch.facts.has('name')) names.set(run, batch.facts.get('name'));
        if (batch.state) states.push(batch.state);
      } else expect(path).toContain('/artifacts/');
    }
    const truth = truthOf(name);
    expect(differences({ rows, configs }, truth, { ignoreSplit: true })).toEqual([]);
    for (const run of truth.runs) expect(run.idAlt).toContain(names.get(run.id));
    expect(new Set(states)).toEqual(new Set(name === 'mlflow-3-files' ? ['finished', 'failed'] : ['finished', 'running']));
  });

  it('gives the same when a metric is read as it grows', () => {
    for (const path of filesOf(name).filter((file) => file.includes('/metrics/'))) {
      const where = { path, name: nameOf(path) };
      const bytes = bytesOf(name, path);
      expect(readLive(mlflowMetric, bytes, where, seeded(2), 40)).toEqual(readAtOnce(mlflowMetric, bytes, where));
    }
  });
});

describe('a metric file', () => {
  const read = (text: string): ReturnType<typeof readAtOnce> => readAtOnce(mlflowMetric, Buffer.from(text), METRIC);

  it('may have lines without a step, and with fields that are new', () => {
    const reading = read('1700000000000 0.5\n1700000001500 nan 7\n1700000002000 -inf 8 dataset 0123\n');
    expect(reading.series.get(':train/loss')?.points).toEqual([
      [0, NaN, 1_700_000_000, 0.5],
      [7, NaN, 1_700_000_001.5, NaN],
      [8, NaN, 1_700_000_002, -Infinity],
    ]);
    expect(reading.problems).toEqual([]);
  });

  it('keeps the order of arrival', () => {
    const points = read('1700000000000 1 5\n1700000000001 2 3\n1700000000002 3 5\n').series.get(':train/loss')?.points;
    expect(points?.map(([step]) => step)).toEqual([5, 3, 5]);
  });

  it('names a damaged line with its place and reads on', () => {
    const reading = read('1700000000000 1 0\ngarbage\n1700000000001 x 1\n1700000000002 3 2\n');
    expect(reading.series.get(':train/loss')?.points.map(([step]) => step)).toEqual([0, 2]);
    expect(reading.problems.map(({ offset }) => offset)).toEqual([18, 26]);
  });
});

describe('what stands around the metrics', () => {
  it('takes nested keys of parameters and hides secrets', () => {
    const at = (key: string): string => `mlruns/0/0123456789abcdef0123456789abcdef/params/${key}`;
    expect(Object.fromEntries(snapshot(mlflowParam, '24', at('model/width')).configs)).toEqual({ 'model/width': '24' });
    expect(Object.fromEntries(snapshot(mlflowParam, 'sk-0123456789abcdefgh', at('api_key')).configs)).toEqual({ api_key: '(hidden)' });
  });

  it('takes the name of the run from its tag and passes over other tags', () => {
    const at = (key: string): string => `mlruns/0/0123456789abcdef0123456789abcdef/tags/${key}`;
    expect(snapshot(mlflowTag, 'calm-fox', at('mlflow.runName')).facts.get('name')).toBe('calm-fox');
    expect(snapshot(mlflowTag, 'alex', at('mlflow.user')).facts.size).toBe(0);
  });

  it('reads every state of a run, and none from an experiment', () => {
    const meta = (text: string): Batch => snapshot(mlflowMeta, text, 'mlruns/0/x/meta.yaml');
    const states = [1, 2, 3, 4, 5, 9].map((status) => meta(`run_id: abc\nstatus: ${status}\n`).state);
    expect(states).toEqual(['running', 'running', 'finished', 'failed', 'failed', null]);
    expect(meta('run_id: abc\nstatus: FINISHED\n').state).toBe('finished');
    expect(meta('run_uuid: abc\n').state).toBe('running');
    expect(meta('experiment_id: "0"\nname: Default\n')).toMatchObject({ state: null, facts: new Map() });
    expect(() => meta('')).toThrow(/incomplete/);
  });
});
