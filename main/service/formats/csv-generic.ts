import { axisPlaces, generalFields, isCounter, isMetricName } from './axes.ts';
import { csvFormat } from './csv.ts';
import { isNumericColumn, type CsvHead } from './csv-head.ts';
import type { Probe } from './format.ts';

/** Tables that trainers or trackers write beside their logs and that hold no curve. */
const NO_CURVE = /^(time_left\.tsv|requirements.*|predictions?\.csv|submission\.csv|labels\.csv|vocab\.\w+)$/i;

/**
 * Any table with a header, a column that counts (step, epoch, iteration) and numbers beside it, or a nameless index beside losses.
 * Tables of data are left alone (formats reference 4.2).
 */
export const csv = csvFormat({
  id: 'csv',
  title: 'CSV or TSV with a header',
  detect: isCurveTable,
  fields: (names) => generalFields(names),
  innerSteps: true
});

function isCurveTable(head: CsvHead, probe: Probe): boolean {
  if (!/\.(csv|tsv|txt|log)$/i.test(probe.name) || NO_CURVE.test(probe.name)) return false;
  const keys = head.names.map((name) => name.toLowerCase());
  const axes = axisPlaces(keys);
  const counts = axes.step >= 0 ? axes.step : axes.epoch;
  const numeric = head.names.filter((_, at) => isNumericColumn(head, at)).length;
  if (numeric < 2) return false;
  const metric = head.names.some(isMetricName);
  if (counts >= 0) return isNumericColumn(head, counts) && (metric || (head.rows.length > 0 && isCounter(keys[counts] as string)));
  return metric && axes.time >= 0 && head.rows.length > 0;
}
