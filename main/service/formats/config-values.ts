/** Configuration as formats hand it on: nested keys joined with '/', types kept, long values cut, secrets masked. */
import type { ConfigValue, Sink } from './format.ts';

const LONGEST_VALUE = 4096;
const LONGEST_KEY = 512;
/** Deeper than any real configuration; ends the walk through a hostile one. */
const DEEPEST = 24;
/** A list of numbers is a hyper-parameter up to this length (milestones, layer widths); longer ones are data. */
const LONGEST_LIST = 256;
const MOST_KEYS = 10_000;

const SECRET = /(^|[^a-z])(api_?key|access_?key|(hf|hub|auth|access|bearer|refresh|github|gitlab)_?token|wandb_?key|secret|password|passwd|credentials?)($|[^a-z])/i;
const MAYBE_SECRET = /(^|[^a-z])(key|token)($|[^a-z])/i;
/** What keys and tokens look like; `eos_token: "</s>"` and `metric_key: "loss"` do not. */
const CREDENTIAL = /^(?=.*\d)[\w+/=.:-]{16,}$/;

/** Writes `value` to the sink as configuration below `key` ('' for the top), flattened. Numbers that are not finite become text. */
export function addConfig(sink: Sink, key: string, value: unknown): void {
  add(sink, key, value, 0, { left: MOST_KEYS });
}

function add(sink: Sink, key: string, value: unknown, depth: number, budget: { left: number }): void {
  if (depth > DEEPEST || budget.left <= 0 || value === undefined) return;
  if (value instanceof Map || (typeof value === 'object' && value !== null && !Array.isArray(value))) {
    const entries = value instanceof Map ? value : Object.entries(value);
    for (const [inner, item] of entries) add(sink, key === '' ? String(inner) : `${key}/${String(inner)}`, item, depth + 1, budget);
    return;
  }
  if (key === '' || key.length > LONGEST_KEY) return;
  budget.left -= 1;
  sink.config(key, isSecret(key, value) ? '(hidden)' : plain(value, depth));
}

function plain(value: unknown, depth: number): ConfigValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value) && depth <= DEEPEST && value.length <= LONGEST_LIST) return value.map((item: unknown) => plain(item, depth + 1));
  return cut(typeof value === 'string' ? value : jsonOf(value));
}

/** Long lists, and dictionaries in lists, are kept as text. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return '(nested too deeply)';
  }
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** True where a text is nobody's business: passwords, and keys and tokens that look like credentials. */
function isSecret(key: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  const name = key.slice(key.lastIndexOf('/') + 1);
  return SECRET.test(name) || (MAYBE_SECRET.test(name) && CREDENTIAL.test(value));
}
