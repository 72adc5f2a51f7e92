import type { Points } from '../points.ts';
import { globalStep, isoSeconds, splitOf, splitPlaces, wallSeconds, type Field, type InnerSteps } from './axes.ts';
import type { Sink, Split } from './format.ts';
import { NUMBER, TEXT, type Leaves } from './json-shape.ts';

/** The axes of one record; a preset may change them by what it knows of its writer. */
export interface RecordAxes {
  step: number;
  epoch: number;
  time: number;
  split: Split | null;
}

/** Small numbers that a preset keeps from record to record; saved with the reader. */
export type Memory = Record<string, number>;

/** What the leaves of a form are for. */
export interface RecordPlan {
  keys: readonly string[];
  fields: Field[];
  step: number;
  epoch: number;
  time: number;
  /** Places that may name the split, the first that does wins. */
  splits: readonly number[];
  label: number;
  value: number;
  metrics: Int32Array;
  /** Series of this read, one set for each split that a record can name; they belong to `owner`. */
  columns: (Points | undefined)[];
  owner: RecordTarget | null;
}

/** Where the records of one `read` go. */
export interface RecordTarget {
  sink: Sink;
  inner: InnerSteps | null;
  memory: Memory;
  adjust: ((axes: RecordAxes, plan: RecordPlan, memory: Memory) => void) | undefined;
  /** Names given so far in this source, to keep a hostile log from making millions of series. */
  names: Set<string>;
  tooMany: () => void;
  /** Index of the last newline of the buffer: lines that begin before it are whole. */
  end: number;
  /** How many records are likely to come in this read, and for how many points room may be made ahead in all. */
  rows: number;
  room: number;
  /** Series of this read by name, for each of the splits that a record can name. */
  series: Map<string, Points>[];
  /** The plans that hold columns of this read. */
  plans: RecordPlan[];
}

const SERIES_CAP = 10_000;

export function recordPlan(keys: readonly string[], fields: Field[]): RecordPlan {
  const place = (role: Field['role']): number => fields.findIndex((field) => field.role === role);
  return {
    keys,
    fields,
    step: place('step'),
    epoch: place('epoch'),
    time: place('time'),
    splits: splitPlaces(fields),
    label: place('name'),
    value: place('value'),
    metrics: Int32Array.from(fields.flatMap((field, at) => (field.role === 'metric' || field.role === 'config' || field.role === 'time' ? [at] : []))),
    columns: [],
    owner: null
  };
}

/** The plan for records whose leaves lie elsewhere: each at its entry in `places`. */
export function rearranged({ keys, fields, step, epoch, time, splits, label, value, metrics }: RecordPlan, places: Int32Array): RecordPlan {
  const placeOf = (at: number): number => places[at] ?? -1;
  const placed: Field[] = [];
  fields.forEach((field, at) => (placed[placeOf(at)] = field));
  return {
    keys,
    fields: placed,
    step: placeOf(step),
    epoch: placeOf(epoch),
    time: placeOf(time),
    splits: splits.map(placeOf),
    label: placeOf(label),
    value: placeOf(value),
    metrics: metrics.map(placeOf),
    columns: [],
    owner: null
  };
}

const axes: RecordAxes = { step: NaN, epoch: NaN, time: NaN, split: null };
const SPLITS: (Split | null)[] = [null, 'train', 'val', 'test'];

/** Hands the numbers of a record on. */
export function pushRecord(plan: RecordPlan, leaves: Leaves, target: RecordTarget): void {
  axes.step = axis(leaves, plan.step);
  axes.epoch = axis(leaves, plan.epoch);
  axes.time = timeOf(leaves, plan.time);
  axes.split = plan.splits.length === 0 ? null : splitIn(plan, leaves);
  if (target.inner !== null) axes.step = globalStep(target.inner, axes.epoch, axes.step);
  if (target.adjust !== undefined) target.adjust(axes, plan, target.memory);
  if (plan.label >= 0) return pushNamed(plan, leaves, target);
  if (plan.owner !== target) {
    plan.owner = target;
    plan.columns.length = 0;
    target.plans.push(plan);
  }
  const { metrics } = plan;
  const set = SPLITS.indexOf(axes.split) * metrics.length;
  for (let i = 0; i < metrics.length; i += 1) {
    const at = metrics[i] as number;
    if (leaves.kind[at] === NUMBER) {
      if (at === plan.time && axes.time === axes.time) continue;
      const points = plan.columns[set + i] ?? columnOf(plan, at, set + i, leaves, target);
      points?.push(axes.step, axes.epoch, axes.time, leaves.value[at] as number);
    } else if (leaves.kind[at] === TEXT && plan.fields[at]?.role === 'config') {
      target.sink.config(plan.fields[at].name, (leaves.text[at] as string).slice(0, 4096));
    }
  }
}

/** Lets go of the columns at the end of a read: plans outlive it, and what they hold would be held for every file ever read. */
export function endRead(target: RecordTarget): void {
  for (const plan of target.plans) {
    plan.owner = null;
    plan.columns.length = 0;
  }
}

function splitIn(plan: RecordPlan, leaves: Leaves): Split | null {
  for (const at of plan.splits) {
    const split = leaves.kind[at] === TEXT ? splitOf(leaves.text[at] as string) : null;
    if (split !== null) return split;
  }
  return null;
}

function axis(leaves: Leaves, at: number): number {
  return at >= 0 && leaves.kind[at] === NUMBER ? (leaves.value[at] as number) : NaN;
}

/** Wall time; a small number under such a key is a duration, and stays a series of its own. */
function timeOf(leaves: Leaves, at: number): number {
  if (at < 0) return NaN;
  if (leaves.kind[at] === TEXT) return isoSeconds(leaves.text[at] as string);
  return leaves.kind[at] === NUMBER ? wallSeconds(leaves.value[at] as number) : NaN;
}

function columnOf(plan: RecordPlan, at: number, slot: number, leaves: Leaves, target: RecordTarget): Points | undefined {
  const field = plan.fields[at] as Field;
  if (field.role === 'config') {
    target.sink.config(field.name, leaves.value[at] as number);
    return undefined;
  }
  const points = seriesOf(field.name, axes.split, field, target);
  plan.columns[slot] = points;
  return points;
}

function seriesOf(name: string, split: Split | null, field: Field | null, target: RecordTarget): Points | undefined {
  const known = target.series[SPLITS.indexOf(split)];
  const before = known?.get(name);
  if (before !== undefined) return before;
  if (!target.names.has(name)) {
    if (target.names.size >= SERIES_CAP) {
      target.tooMany();
      return undefined;
    }
    target.names.add(name);
  }
  const points = target.sink.columns(target.sink.series(name, { ...field?.hints, ...(split === null ? {} : { split }) }));
  const ahead = Math.min(target.rows, target.room);
  target.room -= ahead;
  points.reserve(points.length + ahead);
  known?.set(name, points);
  return points;
}

/** A record that is one metric: its name in one key, its number in another. */
function pushNamed(plan: RecordPlan, leaves: Leaves, target: RecordTarget): void {
  if (leaves.kind[plan.label] !== TEXT || leaves.kind[plan.value] !== NUMBER) return;
  const name = (leaves.text[plan.label] as string).slice(0, 500);
  const points = name === '' ? undefined : seriesOf(name, axes.split, null, target);
  points?.push(axes.step, axes.epoch, axes.time, leaves.value[plan.value] as number);
}
