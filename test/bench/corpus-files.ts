/** A reader for the corpus layouts alone, for work on the diagnosis before the product's own readers existed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { ConfigValue, RunInput, SeriesInput } from '../../main/service/diagnose/input.ts';

interface Raw {
  name: string;
  step: number[];
  epoch: number[];
  time: number[];
  value: number[];
  hint?: Partial<SeriesInput>;
}

class Bag {
  readonly series = new Map<string, Raw>();
  readonly config = new Map<string, ConfigValue>();
  formats: string[] = [];

  add(name: string, step: number, epoch: number, time: number, value: number, hint?: Partial<SeriesInput>): void {
    let found = this.series.get(name);
    if (!found) {
      found = { name, step: [], epoch: [], time: [], value: [], ...(hint ? { hint } : {}) };
      this.series.set(name, found);
    }
    found.step.push(step);
    found.epoch.push(epoch);
    found.time.push(time);
    found.value.push(value);
  }
}

function numberOf(cell: unknown): number | null {
  if (typeof cell === 'number') return cell;
  if (typeof cell !== 'string' || cell === '') return null;
  const text = cell.toLowerCase();
  if (text === 'nan') return NaN;
  if (text === 'inf' || text === 'infinity') return Infinity;
  if (text === '-inf' || text === '-infinity') return -Infinity;
  const value = Number(cell);
  return Number.isNaN(value) ? null : value;
}

function flatten(value: unknown, prefix: string, into: Map<string, ConfigValue>): void {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix ? `${prefix}/${key}` : key, into);
    return;
  }
  into.set(prefix, value as ConfigValue);
}

function looseJson(text: string): unknown {
  const fixed = text.replace(/([:[,]\s*)(-?Infinity|NaN)\b/g, (_, lead: string, word: string) => `${lead}"${word}"`);
  return JSON.parse(fixed);
}

function readCsv(text: string, bag: Bag, format: string): void {
  const lines = text.split(/\r?\n/).filter((line) => line.length > 0);
  const header = (lines[0] ?? '').split(',');
  const stepAt = header.indexOf('step');
  const epochAt = header.indexOf('epoch');
  for (const line of lines.slice(1)) {
    const cells = line.split(',');
    const step = stepAt < 0 ? NaN : (numberOf(cells[stepAt]) ?? NaN);
    const epoch = epochAt < 0 ? NaN : (numberOf(cells[epochAt]) ?? NaN);
    header.forEach((name, i) => {
      if (i === stepAt || i === epochAt) return;
      const value = numberOf(cells[i]);
      if (value === null) return;
      const train = /^(train_)?loss$/.test(name);
      const meaning = format === 'lightning-csv' ? (name.endsWith('_epoch') ? 'epoch-mean' : null) : train ? 'epoch-mean' : null;
      bag.add(name, step, epoch, NaN, value, meaning ? { meaning } : {});
    });
  }
}

function readNanogpt(text: string, bag: Bag): void {
  for (const line of text.split('\n')) {
    const evalLine = /^step (\d+): train loss (\S+), val loss (\S+)/.exec(line);
    if (evalLine) {
      const step = Number(evalLine[1]);
      bag.add('step train loss', step, NaN, NaN, numberOf(evalLine[2]) ?? NaN, { metric: 'loss', split: 'train', meaning: 'evaluation', probe: true });
      bag.add('val loss', step, NaN, NaN, numberOf(evalLine[3]) ?? NaN, { metric: 'loss', split: 'val' });
      continue;
    }
    const iter = /^iter (\d+): loss ([^,]+),/.exec(line);
    if (iter) bag.add('loss', Number(iter[1]), NaN, NaN, numberOf(iter[2]) ?? NaN, { metric: 'loss', split: 'train', meaning: 'batch' });
  }
}

function readPython(text: string, bag: Bag): void {
  for (const line of text.split('\n')) {
    const match = /^(\w+) = (.+)$/.exec(line.trim());
    if (!match) continue;
    const raw = match[2] as string;
    const value = raw === 'True' ? true : raw === 'False' ? false : raw === 'None' ? null : raw.startsWith("'") ? raw.slice(1, -1) : raw.startsWith('[') ? JSON.parse(raw) : Number(raw);
    bag.config.set(match[1] as string, value as ConfigValue);
  }
}

type Field = { f: number; w: number; v: Buffer | number };

function* fields(bytes: Buffer): Generator<Field> {
  let i = 0;
  const varint = (): number => {
    let result = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[i++] as number;
      result += (byte & 127) * scale;
      if (byte < 128) return result;
      scale *= 128;
    }
  };
  while (i < bytes.length) {
    const key = varint();
    const f = key >> 3;
    const w = key & 7;
    if (w === 0) yield { f, w, v: varint() };
    else if (w === 1) yield { f, w, v: bytes.subarray(i, (i += 8)) };
    else if (w === 5) yield { f, w, v: bytes.subarray(i, (i += 4)) };
    else {
      const n = varint();
      yield { f, w, v: bytes.subarray(i, (i += n)) };
    }
  }
}

function protoValue(bytes: Buffer): ConfigValue {
  for (const { f, v } of fields(bytes)) {
    if (f === 2) return (v as Buffer).readDoubleLE(0);
    if (f === 3) return (v as Buffer).toString();
    if (f === 4) return v === 1;
  }
  return null;
}

function readHparams(content: Buffer, bag: Bag): void {
  for (const { f, v } of fields(content)) {
    if (f !== 3) continue;
    for (const inner of fields(v as Buffer)) {
      if (inner.f !== 1) continue;
      let key = '';
      let value: ConfigValue = null;
      for (const part of fields(inner.v as Buffer)) {
        if (part.f === 1) key = (part.v as Buffer).toString();
        if (part.f === 2) value = protoValue(part.v as Buffer);
      }
      bag.config.set(key, value);
    }
  }
}

function readEvents(data: Buffer, bag: Bag): void {
  for (let i = 0; i + 12 <= data.length; ) {
    const n = Number(data.readBigUInt64LE(i));
    readEvent(data.subarray(i + 12, i + 12 + n), bag);
    i += 16 + n;
  }
}

function readEvent(event: Buffer, bag: Bag): void {
  let time = NaN;
  let step = 0;
  for (const { f, v } of fields(event)) {
    if (f === 1) time = (v as Buffer).readDoubleLE(0);
    if (f === 2) step = v as number;
    if (f !== 5) continue;
    for (const value of fields(v as Buffer)) {
      let tag = '';
      let scalar: number | null = null;
      for (const part of fields(value.v as Buffer)) {
        if (part.f === 1) tag = (part.v as Buffer).toString();
        if (part.f === 2) scalar = (part.v as Buffer).readFloatLE(0);
        if (part.f === 9 && tag.includes('session_start_info'))
          for (const meta of fields(part.v as Buffer))
            if (meta.f === 1) for (const plugin of fields(meta.v as Buffer)) if (plugin.f === 2) readHparams(plugin.v as Buffer, bag);
      }
      if (scalar !== null && !tag.startsWith('_hparams_')) bag.add(tag, step, NaN, time, scalar);
    }
  }
}

function named(name: string): { metric: string; split: SeriesInput['split']; probe: boolean } {
  const low = name.toLowerCase();
  if (/clean_train|train_eval|eval_train|train\/eval_loss/.test(low)) return { metric: /loss/.test(low) ? 'loss' : 'other', split: 'train', probe: true };
  const split = /val|eval/.test(low) ? 'val' : 'train';
  if (/^(lr|learning_rate)|lr-/.test(low)) return { metric: 'lr', split: null, probe: false };
  if (low === 'grad_norm') return { metric: 'grad_norm', split: null, probe: false };
  if (/runtime|per_second/.test(low)) return { metric: low, split: null, probe: false };
  if (/acc|top1/.test(low)) return { metric: 'accuracy', split, probe: false };
  return { metric: 'loss', split, probe: false };
}

function readFile(path: string, name: string, bag: Bag): void {
  if (name.includes('tfevents')) {
    bag.formats.push('tensorboard');
    return readEvents(readFileSync(path), bag);
  }
  const text = readFileSync(path, 'utf8');
  if (name === 'metrics.csv') {
    bag.formats.push('lightning-csv');
    readCsv(text, bag, 'lightning-csv');
  } else if (name === 'summary.csv') {
    bag.formats.push('timm');
    readCsv(text, bag, 'timm');
  } else if (name === 'training.csv' || name === 'history.csv' || name === 'training.log') {
    bag.formats.push('keras-csv');
    readCsv(text, bag, 'keras-csv');
  } else if (name.endsWith('.jsonl')) {
    bag.formats.push('jsonl');
    for (const line of text.split('\n')) {
      if (!line) continue;
      const row = looseJson(line) as Record<string, unknown>;
      for (const [key, cell] of Object.entries(row)) {
        if (key === 'step' || key === 'epoch' || key === 'time') continue;
        const value = numberOf(cell);
        if (value !== null) bag.add(key, row['step'] as number, (row['epoch'] as number) ?? NaN, (row['time'] as number) ?? NaN, value);
      }
    }
  } else if (name === 'trainer_state.json') {
    bag.formats.push('hf-trainer');
    const state = looseJson(text) as { log_history: Record<string, unknown>[] };
    for (const row of state.log_history)
      for (const [key, cell] of Object.entries(row)) {
        if (key === 'step' || key === 'epoch') continue;
        const value = numberOf(cell);
        if (value !== null) bag.add(key, row['step'] as number, row['epoch'] as number, NaN, value, key === 'loss' ? { meaning: 'window-mean' } : {});
      }
  } else if (name.endsWith('.json')) flatten(JSON.parse(text), '', bag.config);
  else if (name.endsWith('.yaml')) flatten(parseYaml(text), '', bag.config);
  else if (name.endsWith('.py')) readPython(text, bag);
  else {
    bag.formats.push('nanogpt-console');
    readNanogpt(text, bag);
  }
}

function planOf(bag: Bag): { planSteps: number | null; planEpochs: number | null } {
  const pick = (keys: string[]): number | null => {
    for (const key of keys) {
      const value = bag.config.get(key);
      if (typeof value === 'number' && value > 0) return value;
    }
    return null;
  };
  return { planSteps: pick(['max_iters', 'max_steps', 'total_steps']), planEpochs: pick(['max_epochs', 'epochs', 'num_train_epochs']) };
}

/** Reads one run folder of the corpus. */
export function readRunFolder(folder: string): RunInput {
  const bag = new Bag();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const file of files.sort((a, b) => a.name.localeCompare(b.name))) readFile(join(file.parentPath, file.name), file.name, bag);
  const series: SeriesInput[] = [...bag.series.values()].map((raw) => ({
    name: raw.name,
    meaning: null,
    ...named(raw.name),
    ...raw.hint,
    step: Float64Array.from(raw.step),
    epoch: Float64Array.from(raw.epoch),
    time: Float64Array.from(raw.time),
    value: Float64Array.from(raw.value)
  }));
  return { formats: bag.formats, series, config: bag.config, state: 'finished', ...planOf(bag), now: null, lastByteAt: null };
}
