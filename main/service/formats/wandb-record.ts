/** From wandb's `Record` messages to points, configuration and facts (wandb/proto/wandb_internal.proto). */
import { addCommandLine } from './command-line.ts';
import { addConfig } from './config-values.ts';
import type { Sink } from './format.ts';
import { parseJson } from './json.ts';
import { eachNumber } from './nested-numbers.ts';
import { BYTES, Fields } from './protobuf.ts';
import { addStatistics } from './wandb-statistics.ts';

const HISTORY = 2;
const CONFIG = 5;
const STATISTICS = 7;
const METRIC = 12;
const RUN = 17;
const EXIT = 18;
const HEADER = 21;
const ENVIRONMENT = 26;

const MOST_AXES = 10_000;

export interface SavedRecords {
  /** The last value of each step metric. */
  steps: [string, number][];
  /** Metric or pattern and its step metric, in the order of their definition. */
  axes: [string, string][];
}

/** Takes the records of one file. */
export class WandbRecords {
  #sink: Sink | null = null;
  /** Last value of each metric that others use as their step. */
  #steps: Map<string, number>;
  /** `define_metric(name, step_metric=...)`: names, and patterns that end in '*'. */
  #axes: Map<string, string>;

  constructor(steps: readonly [string, number][], axes: readonly [string, string][]) {
    this.#steps = new Map(steps);
    this.#axes = new Map(axes);
  }

  save(): SavedRecords {
    return { steps: [...this.#steps], axes: [...this.#axes] };
  }

  /** The sink that the next records go to. */
  begin(sink: Sink): void {
    this.#sink = sink;
  }

  /** Lets go of the sink. */
  end(): void {
    this.#sink = null;
  }

  take(view: DataView): void {
    const sink = this.#sink;
    const record = new Fields().over(view, 0, view.byteLength);
    while (sink && record.next()) {
      if (record.wire !== BYTES) continue;
      const part = new Fields().inside(record);
      if (record.number === HISTORY) this.#takeHistory(part, sink);
      else if (record.number === CONFIG) takeConfig(part, sink);
      else if (record.number === STATISTICS) addStatistics(part, sink);
      else if (record.number === METRIC) this.#takeMetric(part);
      else if (record.number === RUN) takeRun(part, sink);
      else if (record.number === EXIT) takeExit(part, sink);
      else if (record.number === HEADER) takeHeader(part, sink);
      else if (record.number === ENVIRONMENT) takeEnvironment(part, sink);
    }
  }

  #takeMetric(metric: Fields): void {
    let name = '';
    let axis = '';
    while (metric.next()) {
      if (metric.number === 1 || metric.number === 2) name = metric.text();
      else if (metric.number === 4) axis = metric.text();
    }
    if (name !== '' && axis !== '' && this.#axes.size < MOST_AXES) this.#axes.set(name, axis);
  }

  #takeHistory(history: Fields, sink: Sink): void {
    let step = NaN;
    const row = new Map<string, number>();
    while (history.next()) {
      if (history.wire !== BYTES) continue;
      const part = new Fields().inside(history);
      if (history.number === 1) addItem(part, row);
      else if (history.number === 2) while (part.next()) if (part.number === 1) step = part.varint();
    }
    if (Number.isNaN(step)) step = row.get('_step') ?? NaN;
    const time = row.get('_timestamp') ?? NaN;
    for (const axis of new Set(this.#axes.values())) {
      const value = row.get(axis);
      if (value !== undefined && Number.isFinite(value)) this.#steps.set(axis, value);
    }
    for (const [name, value] of row) {
      if (name.startsWith('_')) continue;
      const axis = this.#axisOf(name);
      // An epoch is no step: as a series of its own it places the others on the epoch axis (runs/axes).
      const place = axis === null || isEpoch(axis) ? undefined : this.#steps.get(axis);
      sink.point(sink.series(name), place ?? step, NaN, time, value);
    }
  }

  /** The step metric of a metric: by its own name, else by the first pattern that fits. */
  #axisOf(name: string): string | null {
    const own = this.#axes.get(name);
    if (own !== undefined) return own;
    for (const [pattern, axis] of this.#axes) {
      if (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1))) return axis;
    }
    return null;
  }
}

function isEpoch(metric: string): boolean {
  return /(^|[/._])epochs?$/i.test(metric);
}

/** An item of a history or configuration: `key` or `nested_key`s, and `value_json`. */
function readItem(item: Fields): { key: string; json: string } {
  let key = '';
  let json = '';
  const nested: string[] = [];
  while (item.next()) {
    if (item.number === 1) key = item.text();
    else if (item.number === 2) nested.push(item.text());
    else if (item.number === 16) json = item.text();
  }
  return { key: nested.length > 0 ? nested.join('/') : key, json };
}

function addItem(item: Fields, row: Map<string, number>): void {
  const { key, json } = readItem(item);
  const first = json.charCodeAt(0);
  const isNumber = (first >= 0x30 && first <= 0x39) || first === 0x2d;
  const number = isNumber ? Number(json) : NaN;
  if (isNumber && !Number.isNaN(number)) row.set(key, number);
  else eachNumber(key, parsed(json), (name, value) => row.set(name, value));
}

function parsed(json: string): unknown {
  try {
    return parseJson(json);
  } catch {
    return undefined;
  }
}

function takeConfig(config: Fields, sink: Sink): void {
  while (config.next()) {
    if (config.number !== 1 || config.wire !== BYTES) continue;
    const { key, json } = readItem(new Fields().inside(config));
    if (key !== '' && key !== '_wandb' && !key.startsWith('_wandb/')) addConfig(sink, key, parsed(json));
  }
}

function takeRun(run: Fields, sink: Sink): void {
  while (run.next()) {
    if (run.wire !== BYTES) continue;
    if (run.number === 1) addFact(sink, 'runId', run);
    else if (run.number === 3) addFact(sink, 'project', run);
    else if (run.number === 4) takeConfig(new Fields().inside(run), sink);
    else if (run.number === 6) addFact(sink, 'group', run);
    else if (run.number === 8) addFact(sink, 'name', run);
  }
}

function addFact(sink: Sink, key: string, fields: Fields): void {
  const text = fields.text().slice(0, 1000);
  if (text !== '') sink.fact(key, text);
}

function takeExit(exit: Fields, sink: Sink): void {
  let code = 0;
  while (exit.next()) if (exit.number === 1) code = exit.varint();
  sink.runState(code === 0 ? 'finished' : 'failed');
}

function takeHeader(header: Fields, sink: Sink): void {
  while (header.next()) {
    if (header.number !== 1 || header.wire !== BYTES) continue;
    const version = new Fields().inside(header);
    while (version.next()) {
      if (version.number === 1 && version.wire === BYTES) sink.fact('writer', `wandb ${version.text().split('+')[0] ?? ''}`);
    }
  }
}

function takeEnvironment(environment: Fields, sink: Sink): void {
  const args: string[] = [];
  while (environment.next()) {
    if (environment.wire !== BYTES) continue;
    if (environment.number === 5) args.push(environment.text());
    else if (environment.number === 6) addFact(sink, 'program', environment);
  }
  addCommandLine(args, sink);
}
