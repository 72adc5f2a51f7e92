/** Numbers that JSON cannot hold become the strings "NaN", "Infinity" and "-Infinity". */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** For JSON.stringify: the same for numbers anywhere in a document. */
export function finiteOrString(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? jsonNumber(value) : value;
}
