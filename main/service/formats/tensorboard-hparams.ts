/**
 * Hyper-parameters in event files: the hparams plugin (tensorboard/plugins/hparams/plugin_data.proto) and the JSON texts that
 * the Hugging Face Trainer adds.
 */
import { addConfig } from './config-values.ts';
import type { Sink } from './format.ts';
import { BYTES, Fields } from './protobuf.ts';

/** google.protobuf.Value may nest; nobody's hyper-parameters are deeper. */
const DEEPEST = 16;

/** Reads the content of the hparams plugin: `session_start_info` becomes configuration, a timed `session_end_info` the state of the run. */
export function readHparams(view: DataView, from: number, to: number, sink: Sink): void {
  const data = new Fields().over(view, from, to);
  while (data.next()) {
    if (data.wire !== BYTES) continue;
    if (data.number === 3) readSessionStart(new Fields().inside(data), sink);
    else if (data.number === 4) readSessionEnd(new Fields().inside(data), sink);
  }
}

function readSessionStart(start: Fields, sink: Sink): void {
  while (start.next()) {
    if (start.number !== 1 || start.wire !== BYTES) continue;
    const entry = new Fields().inside(start);
    let key = '';
    let value: unknown = null;
    while (entry.next()) {
      if (entry.number === 1) key = entry.text();
      else if (entry.number === 2 && entry.wire === BYTES) value = readValue(new Fields().inside(entry), 0);
    }
    if (key !== '') addConfig(sink, key, value);
  }
}

/** PyTorch and Lightning write a "success" together with the start, without a time: that says nothing about the run. */
function readSessionEnd(end: Fields, sink: Sink): void {
  let status = 0;
  let seconds = 0;
  while (end.next()) {
    if (end.number === 1) status = end.varint();
    else if (end.number === 2) seconds = end.double();
  }
  if (!(seconds > 0)) return;
  if (status === 1) sink.runState('finished');
  else if (status === 2) sink.runState('failed');
}

/** A google.protobuf.Value as plain data; structs become Maps. */
function readValue(fields: Fields, depth: number): unknown {
  let value: unknown = null;
  while (fields.next()) {
    if (fields.number === 2) value = fields.double();
    else if (fields.number === 3) value = fields.text();
    else if (fields.number === 4) value = fields.varint() !== 0;
    else if (fields.number === 5 && fields.wire === BYTES && depth < DEEPEST) value = readStruct(new Fields().inside(fields), depth + 1);
    else if (fields.number === 6 && fields.wire === BYTES && depth < DEEPEST) value = readList(new Fields().inside(fields), depth + 1);
  }
  return value;
}

function readStruct(struct: Fields, depth: number): Map<string, unknown> {
  const result = new Map<string, unknown>();
  while (struct.next()) {
    if (struct.number !== 1 || struct.wire !== BYTES) continue;
    const entry = new Fields().inside(struct);
    let key = '';
    let value: unknown = null;
    while (entry.next()) {
      if (entry.number === 1) key = entry.text();
      else if (entry.number === 2 && entry.wire === BYTES) value = readValue(new Fields().inside(entry), depth);
    }
    result.set(key, value);
  }
  return result;
}

function readList(list: Fields, depth: number): unknown[] {
  const result: unknown[] = [];
  while (list.next()) if (list.number === 1 && list.wire === BYTES) result.push(readValue(new Fields().inside(list), depth));
  return result;
}

/** Where the JSON of a text tag goes in the configuration; null for other texts. Trainer arguments stand at the top, as in wandb. */
export function configPrefixOf(tag: string): string | null {
  const name = tag.endsWith('/text_summary') ? tag.slice(0, -'/text_summary'.length) : tag;
  if (name === 'args') return '';
  return name === 'model_config' ? 'model_config' : null;
}

/** Reads a text tag that holds JSON; false if it holds something else. */
export function readJsonText(text: string, prefix: string, sink: Sink): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/([:[,]\s*)(-?Infinity|NaN)\b/g, '$1"$2"'));
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  addConfig(sink, prefix, value);
  return true;
}
