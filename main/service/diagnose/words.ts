/** Numbers as a colleague would write them. */

/** Three significant digits, without trailing zeros: 0.0231, 1.47, 12.3, 1480. */
export function figure(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? 'infinity' : '-infinity';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return x.toExponential(1).replace('e+', 'e');
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return String(Number(x.toFixed(digits)));
}

/** A place on the step axis, grouped as the window does: 18,240. One between two steps, which a log may have, is not. */
export function stepFigure(step: number): string {
  return Number.isInteger(step) ? String(step).replace(/\B(?=(?:\d{3})+$)/g, ',') : String(step);
}

/** A place on the epoch axis to a tenth, as the window says it: 1.5, 12; of the first tenth two digits, 0.015. */
export function epochFigure(epoch: number): string {
  const rounded = Math.abs(epoch) < 0.1 ? Number(epoch.toPrecision(2)) : Math.round(epoch * 10) / 10;
  return Number.isInteger(rounded) ? stepFigure(rounded) : String(rounded);
}

/** A share in whole per cent: 0.234 gives "23 %"; small ones keep a digit. */
export function percent(share: number): string {
  const value = share * 100;
  return `${Math.abs(value) < 2 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** Accuracy difference in points: 0.059 gives "5.9 points". */
export function points(share: number): string {
  const value = Number((Math.abs(share) * 100).toFixed(1));
  return `${value} ${value === 1 ? 'point' : 'points'}`;
}

/** "factor of 4", "2.03 times": how many times one number is another. */
export function times(ratio: number): string {
  return `${figure(ratio)} times`;
}

/** Per cent by which validation lies below training for a gap d. */
export function percentBelow(d: number): number {
  return 100 * (1 - Math.exp(-d));
}

/** Joins as "a, b and c". */
export function list(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1) ?? ''}`;
}

/** A configuration value in a sentence. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return figure(value);
  const text = Array.isArray(value) ? `[${value.slice(0, 3).map(shown).join(', ')}${value.length > 3 ? ', ...' : ''}]` : String(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
