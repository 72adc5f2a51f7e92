/** Values as text and back: JSON, with numbers that JSON has no word for and with columns of doubles, exactly. */

// Each begins a string that stands for something else; a string that begins so itself gets TEXT before it.
const NUMBER = '\u0000';
const DOUBLES = '\u0001';
const TEXT = '\u0002';
/** Arguments that one call may have. */
const AT_ONCE = 8192;

/** Plain objects, arrays, strings, numbers, booleans, null and Float64Array as text. */
export function pack(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))) return NUMBER + (Object.is(part, -0) ? '-0' : String(part));
    if (typeof part === 'string' && part.charCodeAt(0) <= TEXT.charCodeAt(0)) return TEXT + part;
    return part instanceof Float64Array ? DOUBLES + base64(part) : part;
  });
}

/** The value of a text that pack made. */
export function unpack(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== 'string') return part;
    if (part.startsWith(NUMBER)) return Number(part.slice(1));
    if (part.startsWith(TEXT)) return part.slice(1);
    return part.startsWith(DOUBLES) ? doubles(part.slice(1)) : part;
  });
}

function base64(numbers: Float64Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  let binary = '';
  for (let from = 0; from < bytes.length; from += AT_ONCE) binary += String.fromCharCode(...bytes.subarray(from, from + AT_ONCE));
  return btoa(binary);
}

function doubles(text: string): Float64Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return new Float64Array(bytes.buffer);
}
