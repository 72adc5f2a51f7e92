import { axisPlaces, generalFields, isCounter, isMetricName } from './axes.ts';
import { jsonLinesFormat } from './json-lines.ts';
import { isCopy } from './mmengine.ts';

/**
 * Any file with one JSON object a line, a key that counts (step, epoch, iteration) or a wall time, and numbers beside it.
 * Nested objects are joined with '/'. Data sets in this form are left alone: they have neither (formats reference 4.1).
 */
export const jsonl = jsonLinesFormat({
  id: 'jsonl',
  title: 'JSON lines',
  detect({ records, keys, numeric }, probe) {
    if (isCopy(probe)) return false;
    const named = /\.(jsonl|ndjson)$/i.test(probe.name);
    if (!named && (!/\.(json|log|txt)$|^[^.]+$/i.test(probe.name) || records.length < 2)) return false;
    const lower = [...numeric].map((key) => key.toLowerCase());
    const axes = axisPlaces(lower);
    const counter = lower[axes.step >= 0 ? axes.step : axes.epoch];
    if (counter !== undefined && isCounter(counter)) return numeric.size >= 2;
    const texts = records.some((record) => Object.values(record).some((value) => typeof value === 'string' && value.length > 200));
    const timed = axes.time >= 0 || [...keys].some((key) => /^(timestamp|time|date|created_at)$/i.test(key));
    return !texts && (timed || named || counter !== undefined) && [...numeric].some(isMetricName);
  },
  fields: (keys) => generalFields(keys),
  innerSteps: true
});
