import type { Points } from '../points.ts';
import { globalStep, isoSeconds, splitOf, splitPlaces, wallSeconds, type Field, type InnerSteps } from './axes.ts';
import { COLUMN_CAP, EMPTY, NUMBER, TEXT, cellText, newRow, type Row } from './csv-cells.ts';
import type { Sink, Split } from './format.ts';
import { numberOf } from './numbers.ts';

/** A header that was read and understood: what is needed for each row below it. */
export interface Plan {
  names: string[];
  fields: Field[];
  row: Row;
  /** Columns of the axes, -1 where there is none. */
  step: number;
  epoch: number;
  time: number;
  /** Columns that may name the split, the first that does wins. */
  splits: readonly number[];
  label: number;
  value: number;
  metrics: Int32Array;
  /** 1 for columns that have held a number: text in them is damage, elsewhere it is a column of texts. */
  numeric: Uint8Array;
}

/** The plan for a header; names that occur twice are told apart. `numeric` is what an earlier reader knew of the columns. */
export function planOf(header: readonly string[], fieldsOf: (names: readonly string[]) => Field[], numeric = ''): Plan {
  const names = toldApart(header.slice(0, COLUMN_CAP));
  const fields = fieldsOf(names);
  const place = (role: Field['role']): number => fields.findIndex((field) => field.role === role);
  const metrics = fields.flatMap((field, at) => (field.role === 'metric' || field.role === 'config' ? [at] : []));
  return {
    names,
    fields,
    row: newRow(names.length),
    step: place('step'),
    epoch: place('epoch'),
    time: place('time'),
    splits: splitPlaces(fields),
    label: place('name'),
    value: place('value'),
    metrics: Int32Array.from(metrics),
    numeric: Uint8Array.from(names, (_, at) => Number(numeric[at] === '1'))
  };
}

function toldApart(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((raw, at) => {
    const name = raw.trim().slice(0, 500) || (at === 0 ? '' : `column ${at + 1}`);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Where the rows of one `read` go. Series are made when their first value comes. */
export interface Target {
  sink: Sink;
  columns: (Points | undefined)[];
  /** Series of tables whose rows carry a split or a name of their own. */
  named: Map<string, Points>;
  inner: InnerSteps | null;
  /** Offset in the file of the first byte of the buffer. */
  base: number;
  /** Index of the last newline of the buffer: rows that begin before it are whole. */
  end: number;
  /** Rows in a row that were not plain. */
  refused: number;
  /** How many rows are likely to come in this read. */
  rows: number;
}

export function newTarget(sink: Sink, base: number, inner: InnerSteps | null): Target {
  return { sink, base, inner, columns: [], named: new Map(), rows: 0, end: 0, refused: 0 };
}

/** Hands the numbers of a row on. Texts where numbers belong are reported cell by cell; the rest of the row counts. */
export function pushRow(plan: Plan, row: Row, bytes: Uint8Array, from: number, target: Target): void {
  const epoch = axis(row, plan.epoch);
  let step = axis(row, plan.step);
  if (target.inner !== null) step = globalStep(target.inner, epoch, step);
  const time = plan.time < 0 ? NaN : timeOf(plan, row, bytes, target, step, epoch);
  if (plan.label >= 0) return pushNamed(plan, row, bytes, target, [step, epoch, time]);
  const split = plan.splits.length === 0 ? '' : splitIn(plan, row, bytes);
  const { metrics } = plan;
  for (let i = 0; i < metrics.length; i += 1) {
    const at = metrics[i] as number;
    const kind = row.kind[at];
    if (kind === EMPTY || at >= row.cells) continue;
    if (kind === NUMBER) {
      plan.numeric[at] = 1;
      const points = split === '' ? (target.columns[at] ?? columnOf(plan, at, target)) : splitColumn(plan, at, split, target);
      points?.push(step, epoch, time, row.value[at] as number);
    } else if (plan.numeric[at] === 1) {
      target.sink.problem(target.base + from, `'${short(row, at, bytes)}' in column '${plan.names[at]}' is not a number: the cell was left out.`);
    } else if (plan.fields[at]?.role === 'config') {
      target.sink.config(plan.fields[at].name, cellText(bytes, row.from[at] as number, row.to[at] as number).slice(0, 4096));
    }
  }
}

function axis(row: Row, at: number): number {
  return at >= 0 && at < row.cells && row.kind[at] === NUMBER ? (row.value[at] as number) : NaN;
}

function short(row: Row, at: number, bytes: Uint8Array): string {
  const text = cellText(bytes, row.from[at] as number, row.to[at] as number);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function columnOf(plan: Plan, at: number, target: Target): Points | undefined {
  const field = plan.fields[at] as Field;
  if (field.role === 'config') {
    target.sink.config(field.name, plan.row.value[at] as number);
    return undefined;
  }
  const points = target.sink.columns(target.sink.series(field.name, field.hints ?? {}));
  points.reserve(points.length + target.rows);
  target.columns[at] = points;
  return points;
}

/** The split that a column of the row names, else ''. */
function splitIn(plan: Plan, row: Row, bytes: Uint8Array): Split | '' {
  for (const at of plan.splits) {
    if (at >= row.cells || row.kind[at] !== TEXT) continue;
    const split = splitOf(cellText(bytes, row.from[at] as number, row.to[at] as number));
    if (split !== null) return split;
  }
  return '';
}

function splitColumn(plan: Plan, at: number, split: Split, target: Target): Points {
  const field = plan.fields[at] as Field;
  return named(target, field.name, split, field);
}

function named(target: Target, name: string, split: Split | '', field: Field | null): Points {
  const key = `${split}\u0000${name}`;
  let points = target.named.get(key);
  if (points === undefined) {
    const hints = { ...field?.hints, ...(split === '' ? {} : { split }) };
    points = target.sink.columns(target.sink.series(name, hints));
    target.named.set(key, points);
  }
  return points;
}

/** A row of a table in long form: one metric a row, its name in a cell. */
function pushNamed(plan: Plan, row: Row, bytes: Uint8Array, target: Target, [step, epoch, time]: [number, number, number]): void {
  if (row.kind[plan.label] !== TEXT || row.kind[plan.value] !== NUMBER) return;
  const name = cellText(bytes, row.from[plan.label] as number, row.to[plan.label] as number).slice(0, 500);
  const split = plan.splits.length === 0 ? '' : splitIn(plan, row, bytes);
  named(target, name, split, null).push(step, epoch, time, row.value[plan.value] as number);
}

/** Wall time of a row. A number too small to be a date is a duration: it becomes a series of its own. */
function timeOf(plan: Plan, row: Row, bytes: Uint8Array, target: Target, step: number, epoch: number): number {
  const at = plan.time;
  if (at >= row.cells || row.kind[at] === EMPTY) return NaN;
  if (row.kind[at] === TEXT) return isoSeconds(cellText(bytes, row.from[at] as number, row.to[at] as number));
  const value = row.value[at] as number;
  const seconds = wallSeconds(value);
  if (seconds !== seconds && plan.label < 0) named(target, plan.names[at] as string, '', null).push(step, epoch, NaN, value);
  return seconds;
}

/** The number in a header cell is a row, not a header: true if a line of texts can be the header of a table with axes. */
export function isHeader(names: readonly string[], fields: readonly Field[]): boolean {
  const axes = fields.some((field) => field.role === 'step' || field.role === 'epoch');
  return axes && fields.some((field) => field.role === 'metric') && names.every((name) => numberOf(name) === undefined);
}
