import { innerStepsFrom, type Field, type InnerSteps } from './axes.ts';
import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { parseJson } from './json.ts';
import { jsonHead, type JsonHead } from './json-head.ts';
import { pushRecord, recordPlan, type Memory, type RecordAxes, type RecordPlan, type RecordTarget } from './json-plan.ts';
import { NOTHING, NUMBER, newLeaves, readShape, setText, shapeOf, widen, type Leaves, type Shape } from './json-shape.ts';
import { decode, eachLine, terminated, type LineState } from './lines.ts';

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
  leaves: Leaves;
  names: Set<string>;
  full: boolean;
}

/** More forms than this in one file: it has none worth trying. */
const SHAPE_CAP = 8;
const PLAN_CAP = 512;
const DEEPEST = 16;

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
    leaves: newLeaves(),
    names: new Set(),
    full: false
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
  const target = targetOf(state, sink, offset);
  const done = eachLine(bytes, offset, state.lines, sink, (chunk, from, to) => {
    takeRecord(state, chunk, [from, to], offset + from, target, false);
    return to + 1;
  });
  if (!atEnd || done >= bytes.length || state.lines.skipping) return done;
  const tail = terminated(bytes, done);
  return takeRecord(state, tail, [0, tail.length - 1], offset + done, target, true) ? bytes.length : done;
}

function targetOf(state: State, sink: Sink, offset: number): RecordTarget {
  return {
    sink,
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

/** Reads one line; false if it is none. A line that is no record is reported, unless it may still be growing (`tentative`). */
function takeRecord(state: State, bytes: Uint8Array, [from, to]: [number, number], offset: number, target: RecordTarget, tentative: boolean): boolean {
  const end = to > from && bytes[to - 1] === 0x0d ? to - 1 : to;
  if (end === from) return true;
  const { shapes, leaves } = state;
  for (let i = 0; i < shapes.length; i += 1) {
    const { shape, plan } = shapes[i] as (typeof shapes)[number];
    if (!readShape(bytes, from, end, shape, leaves)) continue;
    pushRecord(plan, leaves, target);
    return true;
  }
  const text = decode(bytes, from, end);
  if (text.trim() === '') return true;
  const record = recordOf(text);
  if (record === null) {
    if (tentative) return false;
    return takeRest(state, text, offset, target);
  }
  if (takeObject(state, record, target) && shapes.length < SHAPE_CAP) learn(state, bytes, from, end);
  return true;
}

function recordOf(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text.trim());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A process that died in the middle of a line leaves the next one glued to it: the damage is reported, the whole record kept. */
function takeRest(state: State, text: string, offset: number, target: RecordTarget): true {
  let at = 0;
  for (let tries = 0; tries < 8; tries += 1) {
    at = text.indexOf('{"', at + 1);
    if (at < 0) break;
    const record = recordOf(text.slice(at));
    if (record === null) continue;
    target.sink.problem(offset, 'A torn line was skipped up to the whole record behind it.');
    takeObject(state, record, target);
    return true;
  }
  target.sink.problem(offset, 'A line that is no JSON object was skipped.');
  return true;
}

/** Hands a parsed record on. Returns whether the preset takes nothing from it but its leaves, so that its form may be learned. */
function takeObject(state: State, record: Record<string, unknown>, target: RecordTarget): boolean {
  const keys: string[] = [];
  const { leaves } = state;
  leaves.count = 0;
  flatten(record, '', leaves, keys, 0);
  state.preset.notice?.(record, target.sink);
  const plan = planFor(state, keys);
  pushRecord(plan, leaves, target);
  return plan.metrics.length > 0;
}

function flatten(record: object, prefix: string, leaves: Leaves, keys: string[], depth: number): void {
  for (const [key, value] of Object.entries(record) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) {
      if (!Array.isArray(value) && depth < DEEPEST) flatten(value, `${prefix}${key}/`, leaves, keys, depth + 1);
      continue;
    }
    const leaf = leaves.count;
    leaves.count += 1;
    widen(leaves, leaves.count);
    keys.push(prefix + key);
    leaves.kind[leaf] = typeof value === 'number' ? NUMBER : NOTHING;
    if (typeof value === 'number') leaves.value[leaf] = value;
    else if (typeof value === 'string') setText(leaves, leaf, value);
  }
}

function planFor(state: State, keys: readonly string[]): RecordPlan {
  const name = keys.join('\u0000');
  const known = state.plans.get(name);
  if (known !== undefined) return known;
  const plan = recordPlan(keys, state.preset.fields(keys, state.file));
  if (state.plans.size < PLAN_CAP) state.plans.set(name, plan);
  return plan;
}

function learn(state: State, bytes: Uint8Array, from: number, to: number): void {
  const shape = shapeOf(bytes, from, to);
  if (shape !== null) state.shapes.push({ shape, plan: planFor(state, shape.keys) });
}
