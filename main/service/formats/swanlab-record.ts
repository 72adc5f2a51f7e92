/** From SwanLab's records to points and facts: protobuf (swanlab/proto, version 2) and JSON (version 1). */
import type { Sink } from './format.ts';
import { parseJson } from './json.ts';
import { BYTES, Fields } from './protobuf.ts';
import { readTimestamp } from './wandb-statistics.ts';

const START = 10;
const FINISH = 11;
const SCALAR = 13;

/** Keys of what SwanLab samples of the machine. */
const SYSTEM = '__swanlab__.';
const utf8 = new TextDecoder();

/** Reads a version 2 record. */
export function takeRecord(view: DataView, sink: Sink): void {
  const record = new Fields().over(view, 0, view.byteLength);
  while (record.next()) {
    if (record.wire !== BYTES) continue;
    const part = new Fields().inside(record);
    if (record.number === SCALAR) takeScalar(part, sink);
    else if (record.number === START) takeStart(part, sink);
    else if (record.number === FINISH) takeFinish(part, sink);
  }
}

/** ScalarRecord: 1 key, 2 step, 4 timestamp, 5 value {1 number}. */
function takeScalar(scalar: Fields, sink: Sink): void {
  let key = '';
  let step = 0;
  let time = NaN;
  let value: number | null = null;
  while (scalar.next()) {
    if (scalar.number === 1) key = scalar.text();
    else if (scalar.number === 2) step = scalar.varint();
    else if (scalar.number === 4 && scalar.wire === BYTES) time = readTimestamp(new Fields().inside(scalar));
    else if (scalar.number === 5 && scalar.wire === BYTES) {
      // Zero is not written: an empty message is the number 0.
      value = 0;
      const number = new Fields().inside(scalar);
      while (number.next()) if (number.number === 1) value = number.double();
    }
  }
  if (value !== null && !scalar.broken) addPoint(sink, key, step, time, value);
}

/** Samples of the machine are counted, not stepped: they have only a time. */
function addPoint(sink: Sink, key: string, step: number, time: number, value: number): void {
  if (key === '') return;
  if (key.startsWith(SYSTEM)) sink.point(sink.series(`system/${key.slice(SYSTEM.length)}`), NaN, NaN, time, value);
  else sink.point(sink.series(key), step, NaN, time, value);
}

/** StartRecord: 1 project, 4 name, 10 id. */
function takeStart(start: Fields, sink: Sink): void {
  while (start.next()) {
    if (start.wire !== BYTES || start.length === 0) continue;
    const text = start.text().slice(0, 1000);
    if (start.number === 1) sink.fact('project', text);
    else if (start.number === 4) sink.fact('name', text);
    else if (start.number === 10) sink.fact('runId', text);
  }
}

/** FinishRecord: 1 state (0 running, 1 finished, 2 crashed, 3 aborted). */
function takeFinish(finish: Fields, sink: Sink): void {
  let state = 0;
  while (finish.next()) if (finish.number === 1) state = finish.varint();
  sink.runState(state === 1 ? 'finished' : state === 0 ? 'running' : 'failed');
}

/** Reads a version 1 record: `{"model_type", "data"}`. Its `epoch` counts the points of the series and is no training epoch. */
export function takeJsonRecord(view: DataView, sink: Sink): void {
  let record: unknown;
  try {
    record = parseJson(utf8.decode(view));
  } catch {
    return;
  }
  const type = property(record, 'model_type');
  const data = property(record, 'data');
  if (type === 'Scalar') {
    const metric = property(data, 'metric');
    const key = property(data, 'key');
    const value = numberOf(property(metric, 'data'));
    const created = property(metric, 'create_time');
    const time = typeof created === 'string' ? Date.parse(created) / 1000 : NaN;
    if (typeof key === 'string' && value !== null) addPoint(sink, key, numberOf(property(data, 'step')) ?? NaN, time, value);
  } else if (type === 'Project') addFact(sink, 'project', property(data, 'name'));
  else if (type === 'Experiment') {
    addFact(sink, 'name', property(data, 'name'));
    addFact(sink, 'runId', property(data, 'id'));
  } else if (type === 'Footer') sink.runState(property(data, 'success') === true ? 'finished' : 'failed');
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function addFact(sink: Sink, key: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') sink.fact(key, value.slice(0, 1000));
}

const WORDS = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
]);

/** Numbers that JSON cannot hold are texts ("NaN", "INF"). */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (WORDS.get(value.toLowerCase()) ?? null) : null;
}
