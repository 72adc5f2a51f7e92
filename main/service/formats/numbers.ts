/**
 * Decimal numbers straight from bytes, without a string in between. The result is always the double that `Number` gives.
 *
 * Up to 15 significant digits one division is exact enough (Clinger 1990). The 16 or 17 digits that Python prints for every
 * float go through a product in three parts whose error bound is checked; what is left undecided is handed to `Number`.
 */

/** Where the last `readNumber` stopped: the index after the number, or -1 if there was none. */
export interface Cursor {
  at: number;
}

const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Stands for "more digits than two whole numbers hold". */
const LONG = 1 << 20;
/** 10^n for n from -22 to 9, each as a sum of three: 23 bits, the next 23, and the rest as a double. */
const LEAST = -22;
const PIECES = Float64Array.from(Array.from({ length: 9 - LEAST + 1 }, (_, at) => piecesOf(at + LEAST)).flat());
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
  // Significant digits in two whole numbers, `high` of eight or nine and `low` of up to nine, taken in pairs: half the chain of
  // multiplications, and integers instead of doubles, make this twice as fast as one digit after the other.
  let high = 0;
  let low = 0;
  let digits = 0;
  let inHigh = 0;
  let scale = 0;
  let point = -1;
  while (byte === 0x30) byte = bytes[++i] as number;
  for (;;) {
    const one = byte - 0x30;
    if (one >= 0 && one <= 9) {
      const two = (bytes[i + 1] as number) - 0x30;
      if (two >= 0 && two <= 9) {
        if (digits < 8) {
          high = (high * 100 + one * 10 + two) | 0;
          inHigh = digits + 2;
        } else if (digits - inHigh < 8) low = (low * 100 + one * 10 + two) | 0;
        else inHigh = LONG;
        digits += 2;
        i += 2;
        byte = bytes[i] as number;
        continue;
      }
      if (digits < 9 && digits === inHigh) {
        high = (high * 10 + one) | 0;
        inHigh = digits + 1;
      } else if (digits - inHigh < 9) low = (low * 10 + one) | 0;
      else inHigh = LONG;
      digits += 1;
      byte = bytes[++i] as number;
    }
    if (byte !== 0x2e || point >= 0) break;
    byte = bytes[++i] as number;
    point = i;
    if (digits === 0) while (byte === 0x30) byte = bytes[++i] as number;
  }
  let figures = i - first;
  if (point >= 0) {
    scale = point - i;
    figures -= 1;
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
    const whole = digits === inHigh ? high : high * (POWERS[digits - inHigh] as number) + low;
    const value = scale < 0 ? whole / (POWERS[-scale] as number) : whole * (POWERS[scale] as number);
    return negative ? -value : value;
  }
  const value = digits > 15 && inHigh < LONG && scale >= -22 && scale <= 0 ? scaled(high, low, digits - inHigh, -scale) : NaN;
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

/**
 * (first * 10^shift + second) / 10^exponent for 16 to 18 digits, correctly rounded, or NaN where the error bound leaves it open.
 * Both numbers have at most 30 bits, so their products with 23 bits of a power of ten are exact; what those leave is below the
 * last bit of the result, and rounded itself only some 2^-96 of the whole.
 */
function scaled(first: number, second: number, shift: number, exponent: number): number {
  const lifted = 3 * (shift - exponent - LEAST);
  const plain = 3 * (-exponent - LEAST);
  const most = first * (PIECES[lifted] as number);
  const some = first * (PIECES[lifted + 1] as number);
  const other = second * (PIECES[plain] as number);
  const rest = first * (PIECES[lifted + 2] as number) + second * ((PIECES[plain + 1] as number) + (PIECES[plain + 2] as number));
  const both = some + other;
  const otherPart = both - some;
  const bothError = some - (both - otherPart) + (other - otherPart);
  const sum = most + both;
  const correction = both - (sum - most) + (bothError + rest);
  const bound = sum * 2 ** -94;
  const down = sum + (correction - bound);
  return down === sum + (correction + bound) ? down : NaN;
}

/** 10^n in three pieces, from whole numbers of any length. */
function piecesOf(n: number): [number, number, number] {
  const below = n < 0 ? 10n ** BigInt(-n) : 1n;
  const shift = 128 + below.toString(2).length;
  const bits = ((n < 0 ? 1n : 10n ** BigInt(n)) << BigInt(shift)) / below;
  const length = bits.toString(2).length;
  const cut = (from: number, count: number): number => Number((bits >> BigInt(from)) & ((1n << BigInt(count)) - 1n)) * 2 ** (from - shift);
  return [cut(length - 23, 23), cut(length - 46, 23), cut(0, length - 46)];
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

const COMMA = /^([-+]?\d+),(\d+(?:[eE][-+]?\d+)?)$/;

/** The number of a cell between semicolons, where the decimal point may be a comma, as much of Europe writes; else as `numberOf`. */
export function numberOfCell(text: string, separator: string): number | null | undefined {
  const comma = separator === ';' ? COMMA.exec(text.trim()) : null;
  return comma ? Number(`${comma[1] as string}.${comma[2] as string}`) : numberOf(text);
}

/** The number that a cell or quoted value stands for; null for "no value" (`NA`, `None`, empty), undefined if it is other text. */
export function numberOf(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed.endsWith('%') ? trimmed.slice(0, -1) : trimmed);
  if (trimmed.length > 9) return undefined;
  return WORDS.get(trimmed.toLowerCase());
}
