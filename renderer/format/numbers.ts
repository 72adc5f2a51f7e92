/**
 * Numbers as they are shown: as British English has them, because the sentences of the diagnosis are written in it. What the first picture
 * shows is written without Intl, whose first formatter takes a start about 10 ms.
 */

let compact: Intl.NumberFormat | undefined;

/** A whole number with grouping: 18,240. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  // Halves away from zero; BigInt has no exponent.
  const digits = String(BigInt(Math.round(Math.abs(value)))).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return value < 0 && digits !== '0' ? `-${digits}` : digits;
}

/** A large whole number in few characters: 1.2M. */
export function shortCount(value: number): string {
  if (Math.abs(value) < 10_000) return count(value);
  compact ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
  return compact.format(value).replace('K', 'k');
}

/**
 * A measured value with `digits` significant digits: 8.41, 0.0908, 2.7e-4. NaN and infinities are spelt as they are logged.
 */
export function value(number: number, digits = 3): string {
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? 'Inf' : '−Inf';
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (size < 1e-3 || size >= 1e6) return scientific(number, digits);
  if (size >= 1000) return count(number);
  // A round number, as settings are, without zeros behind it (also after single precision); a measured one keeps them, and so its width.
  const round = Number(number.toPrecision(1));
  if (round === Number(number.toPrecision(6))) return minus(String(round));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(number.toFixed(Math.min(decimals, 6)));
}

/** With always as many decimals, for numbers that stand below each other: −0.119, 0.061; no minus before nothing but zeros. */
export function fixed(number: number, decimals: number): string {
  const text = number.toFixed(decimals);
  return minus(Number(text) === 0 ? text.replace('-', '') : text);
}

/** A gap, ln(train / val), alike wherever it stands: to a thousandth, which is a tenth of a per cent. What is not finite as `value` spells it. */
export function gap(d: number): string {
  return Number.isFinite(d) ? fixed(d, 3) : value(d);
}

/** An epoch in words and lists, to a tenth, as the diagnosis says it: 1.5, 12; of the first tenth two digits, 0.015. */
export function epoch(at: number): string {
  const rounded = Math.abs(at) < 0.1 ? Number(at.toPrecision(2)) : Math.round(at * 10) / 10;
  return Number.isInteger(rounded) ? count(rounded) : String(rounded);
}

/** As `value`, without superfluous zeros: for axis labels. */
export function tick(number: number): string {
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (size < 1e-3 || size >= 1e5) return scientific(number, 3);
  if (size >= 1000 && Number.isInteger(number)) return minus(count(number));
  return minus(String(Number(number.toPrecision(6))));
}

function scientific(number: number, digits: number): string {
  const [mantissa = '0', exponent = '0'] = number.toExponential(digits - 1).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${minus(short)}e${minus(exponent.replace('+', ''), '-')}`;
}

function minus(text: string, sign = '−'): string {
  return text.startsWith('-') ? sign + text.slice(1) : text;
}

/** A share of 1 in per cent without decimals, never rounded up to certainty: 0.998 is 99 %. */
export function percent(share: number): string {
  const whole = Math.round(share * 100);
  const honest = share < 1 && whole === 100 ? 99 : share > 0 && whole === 0 ? 1 : whole;
  return `${honest} %`;
}

/** A probability as a decimal without the leading zero: .93; 1 only for certainty. */
export function probability(share: number): string {
  const honest = share < 1 ? Math.min(share, 0.99) : 1;
  return honest >= 1 ? '1' : honest.toFixed(2).replace(/^0/, '');
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: 9.1 MB. */
export function bytes(size: number): string {
  let rest = size;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 || rest >= 100 ? count(rest) : rest.toFixed(1)} ${units[unit]}`;
}

/** Bytes of memory in GiB without the unit, as drivers count them: 20.1. */
export function gibibytes(size: number): string {
  const gib = size / 1024 ** 3;
  return gib >= 100 ? count(gib) : gib.toFixed(1).replace(/\.0$/, '');
}
