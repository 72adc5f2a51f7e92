import { generalFields, isMetricName, type Field } from './axes.ts';
import type { Probe, Sink, SnapshotFormat } from './format.ts';
import { parseJson } from './json.ts';
import { decode } from './lines.ts';

type Row = Record<string, unknown>;

/** An object whose first value is a list of numbers, as `json.dump(history.history)` writes it. */
const COLUMNS = /^\s*\{\s*"(?:[^"\\]|\\.){1,100}"\s*:\s*\[\s*(?:-?\d|NaN|-?Infinity|null)/;
const ROWS = /^\s*\[\s*\{/;
const COUNTER = /"(epoch|step|iteration|iter|global_step)"\s*:\s*-?\d/;
/** What skorch notes beside its numbers, and its batches. */
const NO_METRIC = /_best$|^event_|_batch_count$/;

/**
 * The history of a training in one JSON document: a list of one object for each epoch (skorch's `history.json`, formats reference 2.15, and
 * many loops), or an object with one list for each metric (Keras' `History.history`). Where nothing counts, the points have no axis.
 */
export const jsonHistory: SnapshotFormat = {
  kind: 'snapshot',
  id: 'json-history',
  title: 'JSON history (list of epochs, or lists of values)',
  detect: (probe) => /\.json$/i.test(probe.name) && isHistory(probe),
  parse(bytes, sink) {
    let value: unknown;
    try {
      value = parseJson(decode(bytes));
    } catch (error) {
      throw new Error(`Not (yet) valid JSON: ${(error as Error).message}`, { cause: error });
    }
    if (Array.isArray(value)) addRows(value.filter((row): row is Row => typeof row === 'object' && row !== null), sink);
    else if (typeof value === 'object' && value !== null) addColumns(value as Row, sink);
  }
};

function isHistory({ head, name }: Probe): boolean {
  const text = decode(head, 0, Math.min(head.length, 8192));
  const keys = [...text.matchAll(/"((?:[^"\\]|\\.){1,100})"\s*:\s*(?:\[\s*)?(?:-?\d|NaN)/g)].map(([, key = '']) => key);
  if (!keys.some(isMetricName)) return false;
  if (COLUMNS.test(text)) return true;
  return ROWS.test(text) && (COUNTER.test(text) || /history|metrics|log/i.test(name));
}

function addRows(rows: readonly Row[], sink: Sink): void {
  for (const row of rows) {
    const fields = generalFields(Object.keys(row).filter((key) => typeof row[key] === 'number'));
    const axis = (role: Field['role']): number => (row[fields.find((field) => field.role === role)?.name ?? ''] as number | undefined) ?? NaN;
    const [step, epoch] = [axis('step'), axis('epoch')];
    for (const { role, name } of fields) {
      if (role === 'metric' && !NO_METRIC.test(name)) sink.point(sink.series(name), step, epoch, NaN, row[name] as number);
    }
  }
}

/** Lists of one length were filled together; a counter places only those that are as long as it is. */
function addColumns(columns: Row, sink: Sink): void {
  const byLength = new Map<number, [string, unknown[]][]>();
  for (const [name, list] of Object.entries(columns)) {
    if (!Array.isArray(list)) continue;
    const same = byLength.get(list.length);
    if (same) same.push([name, list]);
    else byLength.set(list.length, [[name, list]]);
  }
  for (const [length, lists] of byLength) {
    addRows(Array.from({ length }, (_, at) => Object.fromEntries(lists.map(([name, list]) => [name, list[at]]))), sink);
  }
}
