/** Reads whole sample files as the service would: at once, or as they grow, with the service restarted now and then. */
import { Batch } from '../../../main/service/formats/batch.ts';
import type { ConfigValue, SeriesHints, StreamFormat } from '../../../main/service/formats/format.ts';

export interface ReadSeries {
  name: string;
  hints: SeriesHints;
  /** step, epoch, time, value. */
  points: [number, number, number, number][];
  /** Indexes at which a segment begins because the writer said so; not 0, not the end. */
  restarts: number[];
}

export interface Reading {
  series: Map<string, ReadSeries>;
  config: Map<string, ConfigValue>;
  facts: Map<string, string | number>;
  problems: { offset: number; text: string }[];
  state: 'running' | 'finished' | 'failed' | null;
  /** Bytes that were done with. */
  done: number;
}

export function newReading(): Reading {
  return { series: new Map(), config: new Map(), facts: new Map(), problems: [], state: null, done: 0 };
}

/** Adds what one look brought to light, as the store would. */
export function addBatch(reading: Reading, batch: Batch): void {
  if (batch.restarted) for (const series of reading.series.values()) series.restarts.push(series.points.length);
  for (const { name, hints, points, restarts } of batch.list) {
    const key = `${hints.split ?? ''}:${name}`;
    let series = reading.series.get(key);
    if (!series) reading.series.set(key, (series = { name, hints, points: [], restarts: [] }));
    const before = series.points.length;
    if (batch.restarted) series.restarts.pop();
    series.restarts.push(...restarts.map((at) => before + at));
    for (let at = 0; at < points.length; at += 1) {
      series.points.push([points.step[at] ?? 0, points.epoch[at] ?? 0, points.time[at] ?? 0, points.value[at] ?? 0]);
    }
  }
  for (const [key, value] of batch.configs) reading.config.set(key, value);
  for (const [key, value] of batch.facts) reading.facts.set(key, value);
  reading.problems.push(...batch.problems);
  reading.state = batch.state ?? reading.state;
}

/** Leaves out what depends on when the file was looked at: restarts that no point follows or precedes, and series without points. */
export function settled(reading: Reading): Reading {
  for (const [key, series] of reading.series) {
    series.restarts = [...new Set(series.restarts)].filter((at) => at > 0 && at < series.points.length);
    if (series.points.length === 0) reading.series.delete(key);
  }
  return reading;
}

type Where = { path: string; name: string };

export function readAtOnce(format: StreamFormat, bytes: Uint8Array, where: Where): Reading {
  const reading = newReading();
  const batch = new Batch();
  reading.done = format.open(where).read(bytes, 0, batch, true);
  addBatch(reading, batch);
  return settled(reading);
}

/**
 * Reads the file as it grows by appends of random size up to `largest` bytes. After one look in eight the reader is closed and another
 * goes on with what it saved.
 */
export function readLive(format: StreamFormat, bytes: Uint8Array, where: Where, random: () => number, largest = 200): Reading {
  const reading = newReading();
  let reader = format.open(where);
  let done = 0;
  for (let size = 0; size < bytes.length; ) {
    size = Math.min(bytes.length, size + 1 + Math.floor(random() * largest));
    if (size <= done) continue;
    const batch = new Batch();
    // A copy, so that a reader that looks beyond its bytes or keeps them is found out.
    done += reader.read(bytes.slice(done, size), done, batch, size === bytes.length);
    addBatch(reading, batch);
    if (random() < 1 / 8) reader = format.open(where, JSON.parse(JSON.stringify(reader.save() ?? null)) ?? undefined);
  }
  reading.done = done;
  return settled(reading);
}
