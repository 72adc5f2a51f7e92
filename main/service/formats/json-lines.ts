import { innerStepsFrom, type Field, type InnerSteps } from './axes.ts';
import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { parseJson } from './json.ts';
import { jsonHead, type JsonHead } from './json-head.ts';
import { KeyedRecords } from './json-keyed.ts';
import { endRead, pushRecord, rearranged, recordPlan, type Memory, type RecordAxes, type RecordPlan, type RecordTarget } from './json-plan.ts';
import { flatten, newLeaves, readShape, shapeOf, type Leaves, type Shape } from './json-shape.ts';
import { decode, eachLine, LINE_CAP, terminated, type LineState } from './lines.ts';

type File = Pick<Probe, 'path' | 'name'>;

/** A kind of JSON lines: how it is recognised and what its keys mean. */
export interface JsonPreset {
  id: string;
  title: string;
  detect(head: JsonHead, probe: Probe): boolean;
  /** The role of each flattened key of a record. */
  fields(keys: readonly string[], file: File): Field[];
  /** Corrects the axes and the split of a record by what the writer is known to do. */
  adjust?(axes: RecordAxes, plan: RecordPlan, memory: Memory): void;
  /** True if the step key may start again with each epoch. */
  innerSteps?: boolean;
  /** Facts and configuration that a record carries beside its numbers. */
  notice?(record: Record<string, unknown>, sink: Sink): void;
}

interface Saved {
  skipping: boolean;
  inner: InnerSteps;
  memory: Memory;
}

interface State {
  preset: JsonPreset;
  file: File;
  lines: LineState;
  inner: InnerSteps;
  memory: Memory;
  shapes: { shape: Shape; plan: RecordPlan }[];
  plans: Map<string, RecordPlan>;
  /** Made for the logs that need it: it takes 40 KiB, and hundreds may be open. */
  keyed: KeyedRecords | null;
  leaves: Leaves;
  names: Set<string>;
  full: boolean;
  /** Lines of no known form, less those of one: a log in which nothing repeats is not compared with forms. */
  strange: number;
}

/** More forms than this in one file: it has none worth trying. */
const SHAPE_CAP = 8;
const STRANGE_CAP = 64;
const ROWS_AHEAD = 32_768;
const PLAN_CAP = 512;

/** Makes the format of a preset. All readers of JSON lines share one scanner; only the meaning of the keys differs. */
export function jsonLinesFormat(preset: JsonPreset): StreamFormat {
  return {
    kind: 'stream',
    id: preset.id,
    title: preset.title,
    detect(probe) {
      const head = jsonHead(probe);
      return head !== null && preset.detect(head, probe);
    },
    open: (file, saved) => openJsonLines(preset, file, saved as Saved | undefined)
  };
}

function openJsonLines(preset: JsonPreset, file: File, saved: Saved | undefined): Reader {
  const state: State = {
    preset,
    file,
    lines: { skipping: saved?.skipping ?? false },
    inner: innerStepsFrom(saved?.inner),
    memory: { ...saved?.memory },
    shapes: [],
    plans: new Map(),
    keyed: null,
    leaves: newLeaves(),
    names: new Set(),
    full: false,
    strange: 0
  };
  return {
    read: (bytes, offset, sink, atEnd) => readJsonLines(state, bytes, offset, sink, atEnd),
    save: (): Saved => ({ skipping: state.lines.skipping, inner: { ...state.inner }, memory: { ...state.memory } })
  };
}

function readJsonLines(state: State, bytes: Uint8Array, offset: number, sink: Sink, atEnd: boolean): number {
  if (offset === 0) {
    state.lines.skipping = false;
    state.inner = innerStepsFrom();
    state.memory = {};
  }
  const target = targetOf(state, sink, bytes, offset);
  const done = takeLines(state, bytes, offset, target, atEnd);
  endRead(target);
  return done;
}

function takeLines(state: State, bytes: Uint8Array, offset: number, target: RecordTarget, atEnd: boolean): number {
  const { sink } = target;
  const done = eachLine(bytes, offset, state.lines, sink, (chunk, from, to) => takeRecord(state, chunk, from, to, offset + from, target));
  if (!atEnd || done >= bytes.length || state.lines.skipping) return done;
  const tail = terminated(bytes, done);
  // The last line has no newline: it counts only if it is a whole record.
  if (recordOf(decode(tail)) === null) return done;
  target.end = 0;
  takeRecord(state, tail, 0, tail.length - 1, offset + done, target);
  return bytes.length;
}

function targetOf(state: State, sink: Sink, bytes: Uint8Array, offset: number): RecordTarget {
  const line = bytes.indexOf(0x0a) + 1;
  return {
    sink,
    series: [new Map(), new Map(), new Map(), new Map()],
    plans: [],
    room: bytes.length / 4,
    // As many as there are lines like the first one.
    rows: line === 0 ? 0 : Math.min(ROWS_AHEAD, Math.ceil(bytes.length / line)),
    end: bytes.lastIndexOf(0x0a),
    inner: state.preset.innerSteps === true ? state.inner : null,
    memory: state.memory,
    adjust: state.preset.adjust,
    names: state.names,
    tooMany() {
      if (!state.full) sink.problem(offset, 'More than 10000 different keys: further ones are left out.');
      state.full = true;
    }
  };
}

/** Reads the line [from, to), and those of the same form behind it. One that is no record is reported. Returns where the next begins. */
function takeRecord(state: State, bytes: Uint8Array, from: number, to: number, offset: number, target: RecordTarget): number {
  const end = to > from && bytes[to - 1] === 0x0d ? to - 1 : to;
  if (end === from) return to + 1;
  const { shapes, leaves } = state;
  for (let i = 0; i < shapes.length; i += 1) {
    const { shape, plan } = shapes[i] as (typeof shapes)[number];
    if (readShape(bytes, from, end, shape, leaves) !== end) continue;
    pushRecord(plan, leaves, target);
    if (state.strange > 0) state.strange -= 1;
    return takeSame(shape, plan, bytes, to + 1, leaves, target);
  }
  if (state.strange > STRANGE_CAP) {
    shapes.length = 0;
    const next = takeKeyed(state, bytes, from, to, target);
    if (next > from) return next;
  }
  const text = decode(bytes, from, end);
  const record = recordOf(text);
  if (record === null) {
    if (text.trim() !== '') takeRest(state, text, offset, target);
    return to + 1;
  }
  const plan = takeObject(state, record, target);
  state.strange += 1;
  if (plan.metrics.length === 0) return to + 1;
  if (state.strange > STRANGE_CAP) state.keyed?.learn(plan, (keys) => state.preset.fields(keys, state.file));
  else if (shapes.length < SHAPE_CAP) learn(state, plan, bytes, from, end);
  return to + 1;
}

/** Takes the lines from `from` on whose keys are known in another order, as long as there are such. Returns where the next begins. */
function takeKeyed(state: State, bytes: Uint8Array, from: number, to: number, target: RecordTarget): number {
  const keyed = (state.keyed ??= new KeyedRecords());
  let at = from;
  // A last line without its newline is the only one.
  const end = Math.max(to, target.end);
  do {
    const plan = keyed.read(bytes, at, end);
    const next = bytes[keyed.end] === 0x0d ? keyed.end + 2 : keyed.end + 1;
    if (plan === null || bytes[next - 1] !== 0x0a || next - at > LINE_CAP) break;
    pushRecord(plan, keyed.leaves, target);
    at = next;
  } while (at < target.end);
  // Texts stay where their keys have their places, which may be many: they are let go.
  keyed.leaves.text.length = 0;
  return at;
}

/** Takes the lines from `from` on as long as they have this form, without looking for their ends first. Returns where the next begins. */
function takeSame(shape: Shape, plan: RecordPlan, bytes: Uint8Array, from: number, leaves: Leaves, target: RecordTarget): number {
  let at = from;
  while (at < target.end) {
    const stop = readShape(bytes, at, target.end, shape, leaves);
    const next = bytes[stop] === 0x0d ? stop + 2 : stop + 1;
    if (stop < 0 || bytes[next - 1] !== 0x0a || next - at > LINE_CAP) break;
    pushRecord(plan, leaves, target);
    at = next;
  }
  return at;
}

function recordOf(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A process that died in the middle of a line leaves the next one glued to it: the damage is reported, the whole record kept. */
function takeRest(state: State, text: string, offset: number, target: RecordTarget): void {
  let at = 0;
  for (let tries = 0; tries < 8; tries += 1) {
    at = text.indexOf('{"', at + 1);
    if (at < 0) break;
    const record = recordOf(text.slice(at));
    if (record === null) continue;
    target.sink.problem(offset, 'A torn line was skipped up to the whole record behind it.');
    takeObject(state, record, target);
    return;
  }
  target.sink.problem(offset, 'A line that is no JSON object was skipped.');
}

/** Hands a parsed record on and returns its plan. If that has metrics, the preset takes nothing from it but its leaves: the form may be learned. */
function takeObject(state: State, record: Record<string, unknown>, target: RecordTarget): RecordPlan {
  const keys: string[] = [];
  const { leaves } = state;
  leaves.count = 0;
  flatten(record, '', leaves, keys, 0);
  state.preset.notice?.(record, target.sink);
  const plan = planFor(state, keys);
  pushRecord(plan, leaves, target);
  return plan;
}

function planFor(state: State, keys: readonly string[]): RecordPlan {
  const name = keys.join('\u0000');
  const known = state.plans.get(name);
  if (known !== undefined) return known;
  const plan = recordPlan(keys, state.preset.fields(keys, state.file));
  if (state.plans.size < PLAN_CAP) state.plans.set(name, plan);
  return plan;
}

/** Remembers the form of a record. Its keys need not stand in the order that `JSON.parse` gives them, which the roles come from: `7` comes first there. */
function learn({ shapes }: State, plan: RecordPlan, bytes: Uint8Array, from: number, to: number): void {
  const shape = shapeOf(bytes, from, to);
  if (shape === null || shape.keys.length !== plan.keys.length) return;
  const places = Int32Array.from(plan.keys, (key) => shape.keys.indexOf(key));
  if (!places.includes(-1)) shapes.push({ shape, plan: rearranged(plan, places) });
}
