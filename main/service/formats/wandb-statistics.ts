/** The machine statistics that wandb and SwanLab sample beside the metrics: series `system/<their key>` over time. */
import type { Sink } from './format.ts';
import { BYTES, Fields } from './protobuf.ts';

/** Units by the end of the key (wandb/sdk/internal/system). Memory shares and utilisation are percentages. */
const UNITS: readonly [RegExp, string][] = [
  [/Bytes$/, 'B'],
  [/\.temp$/, '°C'],
  [/powerWatts$/i, 'W'],
  [/percent$/i, '%'],
  [/(rssMB|availableMB|MB)$/, 'MB'],
  [/MHz$/, 'MHz'],
  [/^(gpu|cpu|memory)/, '%'],
];

/** Adds a `StatsRecord`: 2 timestamp {1 seconds, 2 nanos}, 3 items {1 key, 16 value_json}. They have a time and no step. */
export function addStatistics(statistics: Fields, sink: Sink): void {
  let time = NaN;
  const items: [string, number][] = [];
  while (statistics.next()) {
    if (statistics.wire !== BYTES) continue;
    const part = new Fields().inside(statistics);
    if (statistics.number === 2) time = readTimestamp(part);
    else if (statistics.number === 3) items.push(readItem(part));
  }
  for (const [key, value] of items) {
    if (key === '' || key.startsWith('_') || Number.isNaN(value)) continue;
    const unit = UNITS.find(([pattern]) => pattern.test(key))?.[1];
    sink.point(sink.series(`system/${key}`, unit === undefined ? {} : { unit }), NaN, NaN, time, value);
  }
}

function readItem(item: Fields): [string, number] {
  let key = '';
  let value = NaN;
  while (item.next()) {
    if (item.number === 1) key = item.text();
    else if (item.number === 16) value = Number(item.text());
  }
  return [key, value];
}

/** Seconds since 1970 of a google.protobuf.Timestamp. */
export function readTimestamp(timestamp: Fields): number {
  let seconds = 0;
  let nanos = 0;
  while (timestamp.next()) {
    if (timestamp.number === 1) seconds = timestamp.varint();
    else if (timestamp.number === 2) nanos = timestamp.varint();
  }
  return seconds + nanos / 1e9;
}
