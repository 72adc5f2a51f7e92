/**
 * MLflow's file store (format reference 3.2): `<experiment>/<32 hex digits>/` with a file for each metric, parameter and tag, and
 * `meta.yaml`. Keys with '/' are folders.
 */
import { addConfig } from './config-values.ts';
import type { Probe, Reader, Sink, SnapshotFormat, StreamFormat } from './format.ts';
import { decode, eachLine, type LineState } from './lines.ts';
import { stateOf } from './mlflow-state.ts';
import { numberOf } from './numbers.ts';
import { parseYaml } from './yaml.ts';

/** What stands behind `<run>/<kind>/` in the path, null for another path. */
function keyOf(path: string, kind: 'metrics' | 'params' | 'tags'): string | null {
  const match = /(?:^|\/)[0-9a-f]{32}\/(metrics|params|tags)\/(.+)$/.exec(path);
  return match?.[1] === kind ? (match[2] ?? null) : null;
}

/** `metrics/<key>`: lines of time (ms), value and step, in the order of their arrival. */
export const mlflowMetric: StreamFormat = {
  id: 'mlflow',
  title: 'MLflow file store (mlruns)',
  kind: 'stream',
  detect: (probe: Probe) => keyOf(probe.path, 'metrics') !== null,
  open: (probe, saved) => openMetric(keyOf(probe.path, 'metrics') ?? probe.name, saved as MetricState | undefined),
};

interface MetricState extends LineState {
  /** Lines have had steps: one without is damaged, not old. */
  stepped: boolean;
}

function openMetric(key: string, saved: MetricState | undefined): Reader {
  const state: MetricState = { skipping: saved?.skipping ?? false, stepped: saved?.stepped ?? false };
  return {
    read(bytes: Uint8Array, offset: number, sink: Sink, atEnd: boolean): number {
      const done = eachLine(bytes, offset, state, sink, (from, start, end) => {
        const text = decode(from, start, end).trim();
        if (text !== '' && !addLine(text, key, sink, state)) {
          sink.problem(offset + start, 'This line is not "time value step"; it was left out.');
        }
        return end + 1;
      });
      const rest = atEnd && done < bytes.length ? decode(bytes, done).trim() : '';
      return rest !== '' && addLine(rest, key, sink, state) ? bytes.length : done;
    },
    save: (): MetricState => state,
  };
}

/** Adds a line's point; false if it is none. Old versions wrote no step, new ones may write more fields. */
function addLine(text: string, key: string, sink: Sink, state: MetricState): boolean {
  const [time, logged, step] = text.split(/\s+/);
  if (step === undefined && state.stepped) return false;
  const milliseconds = Number(time);
  const value = numberOf(logged ?? '');
  const place = step === undefined ? 0 : Number(step);
  if (typeof value !== 'number' || !Number.isFinite(milliseconds) || !Number.isFinite(place)) return false;
  state.stepped = step !== undefined;
  sink.point(sink.series(key), place, NaN, milliseconds / 1000, value);
  return true;
}

/** `params/<key>`: the bare value, never changed. */
export const mlflowParam: SnapshotFormat = {
  id: 'mlflow-param',
  title: 'MLflow parameter',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => keyOf(probe.path, 'params') !== null,
  parse(bytes: Uint8Array, sink: Sink, probe): void {
    addConfig(sink, keyOf(probe.path, 'params') ?? probe.name, decode(bytes).replace(/\r?\n$/, ''));
  },
};

/** `tags/<key>`: only the name of the run is of use; the others are known and passed over. */
export const mlflowTag: SnapshotFormat = {
  id: 'mlflow-tag',
  title: 'MLflow tag',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => keyOf(probe.path, 'tags') !== null,
  parse(bytes: Uint8Array, sink: Sink, probe): void {
    const text = decode(bytes).trim().slice(0, 1000);
    if (keyOf(probe.path, 'tags') === 'mlflow.runName' && text !== '') sink.fact('name', text);
  },
};

/** `meta.yaml` of a run, written anew when the run ends; that of an experiment says nothing about a run. */
export const mlflowMeta: SnapshotFormat = {
  id: 'mlflow-meta',
  title: 'MLflow run (meta.yaml)',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => probe.name === 'meta.yaml' && /^(artifact_(uri|location)|experiment_id):/m.test(decode(probe.head)),
  parse(bytes: Uint8Array, sink: Sink): void {
    const meta = parseYaml(decode(bytes));
    if (!(meta instanceof Map)) throw new Error('This meta.yaml is empty or incomplete.');
    if (!meta.has('run_id') && !meta.has('run_uuid')) return;
    const name: unknown = meta.get('run_name') ?? meta.get('name');
    if (typeof name === 'string' && name !== '') sink.fact('name', name.slice(0, 1000));
    if (meta.get('lifecycle_stage') === 'deleted') sink.fact('note', 'deleted in MLflow');
    // A run without a status has not ended.
    const state = meta.has('status') ? stateOf(meta.get('status')) : 'running';
    if (state !== null) sink.runState(state);
  },
};
