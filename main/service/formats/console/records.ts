import { axisPlaces, generalFields, isMetricName, isoSeconds, splitOf, splitPlaces, wallSeconds } from '../axes.ts';
import { parseJson } from '../json.ts';
import { pythonLiteral } from '../python-literals.ts';
import { put, type Dialect } from './dialect.ts';

const DEEPEST = 4;
const MOST_KEYS = 200;

/**
 * Lines that hold a dictionary, as `print(metrics)` and structured loggers write them: JSON or Python, alone or behind other words.
 * Keys mean what they mean in JSON lines.
 */
export function openRecords(): Dialect {
  return {
    line({ text, time, final }, sink) {
      const from = text.indexOf('{');
      if (!final || from < 0 || !text.endsWith('}')) return false;
      const record = recordOf(text.slice(from));
      if (record === null) return false;
      const keys = [...record.keys()];
      const numeric = keys.filter((key) => typeof record.get(key) === 'number');
      const axes = axisPlaces(numeric.map((key) => key.toLowerCase()));
      if ((axes.step < 0 && axes.epoch < 0) || !numeric.some(isMetricName)) return false;
      const number = (key: string | undefined): number => (key === undefined ? NaN : (record.get(key) as number));
      const fields = generalFields(keys);
      const said = splitPlaces(fields).map((at) => record.get(keys[at] as string)).find((value) => typeof value === 'string' && splitOf(value) !== null);
      const split = typeof said === 'string' ? splitOf(said) : null;
      const at = { step: number(numeric[axes.step]), epoch: number(numeric[axes.epoch]), time: timeOf(record, fields, time) };
      for (const { role, name } of fields) {
        const value = record.get(name);
        if (role === 'metric' && typeof value === 'number') put(sink, name, split === null ? {} : { split }, at, value);
      }
      return true;
    }
  };
}

/** The wall time that the record gives, else that of the line. */
function timeOf(record: ReadonlyMap<string, unknown>, fields: readonly { role: string; name: string }[], time: number): number {
  const name = fields.find(({ role }) => role === 'time')?.name;
  const value = name === undefined ? undefined : record.get(name);
  const said = typeof value === 'number' ? wallSeconds(value) : typeof value === 'string' ? isoSeconds(value) : NaN;
  return Number.isNaN(said) ? time : said;
}

/** The flattened leaves of a JSON object or a Python dict, or null if the text is neither. */
function recordOf(text: string): Map<string, unknown> | null {
  const leaves = new Map<string, unknown>();
  const value = text.includes('"') ? (jsonOf(text) ?? pythonLiteral(text)) : pythonLiteral(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  flatten(value, '', leaves, 0);
  return leaves.size > MOST_KEYS ? null : leaves;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function flatten(value: object, prefix: string, leaves: Map<string, unknown>, depth: number): void {
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? (value as Map<unknown, unknown>) : Object.entries(value);
  for (const [key, one] of entries) {
    if (leaves.size > MOST_KEYS) return;
    const name = `${prefix}${String(key)}`;
    if (typeof one !== 'object' || one === null) leaves.set(name, one);
    else if (!Array.isArray(one) && depth < DEEPEST) flatten(one, `${name}/`, leaves, depth + 1);
  }
}
