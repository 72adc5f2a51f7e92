/**
 * Decimal numbers straight from bytes, without a string in between. The result is always the double that `Number` gives.
 *
 * Up to 15 significant digits one division is exact enough (Clinger 1990). The 16 or 17 digits that Python prints for every
 * float go through a double-double division whose error bound is checked; what is left undecided is handed to `Number`.
 */

/** Where the last `readNumber` stopped: the index after the number, or -1 if there was none. */
export interface Cursor {
  at: number;
}

const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const SPLITTER = 134217729; // 2^27 + 1, Veltkamp's constant
const POWERS_HIGH = POWERS.map(highPart);
const POWERS_LOW = POWERS.map((power, exponent) => power - (POWERS_HIGH[exponent] ?? 0));
const latin = new TextDecoder('latin1');

/**
 * Reads the number that starts at `at`: sign, digits, point, exponent; neither blanks nor words. Sets `cursor.at`.
 * Precondition: the byte after the text (`\n`, a separator) exists in `bytes` and cannot belong to a number.
 */
export function readNumber(bytes: Uint8Array, at: number, cursor: Cursor): number {
  let i = at;
  let byte = bytes[i] as number;
  const negative = byte === 0x2d;
  if (negative || byte === 0x2b) byte = bytes[++i] as number;
  const first = i;
  let head = 0; // the first 15 significant digits
  let tail = 0; // the next four
  let digits = 0;
  let scale = 0;
  while (byte === 0x30) byte = bytes[++i] as number;
  while (byte >= 0x30 && byte <= 0x39) {
    if (digits < 15) head = head * 10 + (byte - 0x30);
    else if (digits < 19) tail = tail * 10 + (byte - 0x30);
    digits += 1;
    byte = bytes[++i] as number;
  }
  let figures = i - first;
  if (byte === 0x2e) {
    byte = bytes[++i] as number;
    const point = i;
    if (digits === 0) while (byte === 0x30) byte = bytes[++i] as number;
    while (byte >= 0x30 && byte <= 0x39) {
      if (digits < 15) head = head * 10 + (byte - 0x30);
      else if (digits < 19) tail = tail * 10 + (byte - 0x30);
      digits += 1;
      byte = bytes[++i] as number;
    }
    scale = point - i;
    figures -= scale;
  }
  if (figures === 0) {
    cursor.at = -1;
    return NaN;
  }
  if (byte === 0x65 || byte === 0x45) {
    const exponent = readExponent(bytes, i + 1, cursor);
    if (cursor.at >= 0) {
      i = cursor.at;
      scale += exponent;
    }
  }
  cursor.at = i;
  if (digits <= 15 && scale >= -22 && scale <= 22) {
    const value = scale < 0 ? head / (POWERS[-scale] as number) : head * (POWERS[scale] as number);
    return negative ? -value : value;
  }
  const value = digits <= 19 && scale >= -22 && scale <= 0 ? divided(head, tail, digits, -scale) : NaN;
  if (value === value) return negative ? -value : value;
  return Number(latin.decode(bytes.subarray(at, i)));
}

function readExponent(bytes: Uint8Array, at: number, cursor: Cursor): number {
  let i = at;
  let byte = bytes[i] as number;
  const negative = byte === 0x2d;
  if (negative || byte === 0x2b) byte = bytes[++i] as number;
  const first = i;
  let exponent = 0;
  while (byte >= 0x30 && byte <= 0x39) {
    if (exponent < 100_000) exponent = exponent * 10 + (byte - 0x30);
    byte = bytes[++i] as number;
  }
  cursor.at = i === first ? -1 : i;
  return negative ? -exponent : exponent;
}

/** (head * 10^k + tail) / 10^exponent for 16 to 19 digits, correctly rounded, or NaN where the error bound leaves it open. */
function divided(head: number, tail: number, digits: number, exponent: number): number {
  const lift = POWERS[digits - 15] as number;
  const product = head * lift;
  const headHigh = highPart(head);
  // Exact: lift has at most 14 bits, so both partial products fit into a double.
  const rest = headHigh * lift - product + (head - headHigh) * lift + tail;
  const high = product + rest;
  const low = rest - (high - product);
  if (exponent === 0) return high;
  const divisor = POWERS[exponent] as number;
  const quotient = high / divisor;
  const back = quotient * divisor;
  const quotientHigh = highPart(quotient);
  const quotientLow = quotient - quotientHigh;
  const divisorHigh = POWERS_HIGH[exponent] as number;
  const divisorLow = POWERS_LOW[exponent] as number;
  const backLow = quotientHigh * divisorHigh - back + quotientHigh * divisorLow + quotientLow * divisorHigh + quotientLow * divisorLow;
  const correction = (high - back - backLow + low) / divisor;
  const bound = quotient * 2 ** -96;
  const down = quotient + (correction - bound);
  return down === quotient + (correction + bound) ? down : NaN;
}

function highPart(value: number): number {
  const spread = SPLITTER * value;
  return spread - (spread - value);
}

/** Words that Python, NumPy, pandas and R print where a number is not one; null for those that mean "no value". */
const WORDS = new Map<string, number | null>([
  ['nan', NaN],
  ['-nan', NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
  ['na', null],
  ['n/a', null],
  ['none', null],
  ['null', null],
  ['', null],
  ['-', null]
]);

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?$/;

/** The number that a cell or quoted value stands for; null for "no value" (`NA`, `None`, empty), undefined if it is other text. */
export function numberOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed.endsWith('%') ? trimmed.slice(0, -1) : trimmed);
  if (trimmed.length > 9) return undefined;
  return WORDS.get(trimmed.toLowerCase());
}
