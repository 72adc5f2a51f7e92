/** The numbers in a logged JSON value, as wandb and trackio keep it. */
const DEEPEST = 16;

/** Numbers that JSON cannot hold are texts. */
const WORDS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/**
 * Calls `take` for each number in `value`, keys of dictionaries joined with '/'. Texts, truth values, lists and media (dictionaries with a
 * `_type`) are no series.
 */
export function eachNumber(key: string, value: unknown, take: (key: string, value: number) => void, depth = 0): void {
  if (typeof value === 'number') take(key, value);
  else if (typeof value === 'string') {
    const word = WORDS.get(value);
    if (word !== undefined) take(key, word);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEEPEST && !Object.hasOwn(value, '_type')) {
    for (const [inner, item] of Object.entries(value)) eachNumber(key === '' ? inner : `${key}/${inner}`, item, take, depth + 1);
  }
}
