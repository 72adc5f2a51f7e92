/**
 * Settings in a Python file, read as text: `name = literal` at the start of a line. Nothing is imported or run; a line whose right
 * side is anything but literals (a call, a name, an f-string) is passed over.
 */

const ASSIGNMENT = /^([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,100})?=(?!=)[ \t]*/;
const DEEPEST = 32;

/** The assignments of literals at the top level, in order; a later one replaces an earlier one. Lists stay arrays, dicts are Maps. */
export function pythonAssignments(text: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  let at = 0;
  while (at < text.length) {
    const quotes = /^(?:"""|''')/.exec(text.slice(at, at + 3))?.[0];
    if (quotes !== undefined) {
      const close = text.indexOf(quotes, at + 3);
      at = close < 0 ? text.length : close + 3;
    }
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const assignment = ASSIGNMENT.exec(text.slice(at, Math.min(end, at + 300)));
    let next = end + 1;
    if (assignment) {
      const literal = readLiteral(text, at + assignment[0].length);
      if (literal !== null && /^[ \t]*(?:#[^\n]*|;[^\n]*)?\r?(?:\n|$)/.test(text.slice(literal.end, literal.end + 500))) {
        found.set(assignment[1] as string, literal.value);
        const after = text.indexOf('\n', literal.end);
        next = after < 0 ? text.length : after + 1;
      }
    }
    at = next;
  }
  return found;
}

/** The value of a text that is one Python literal, or undefined. */
export function pythonLiteral(text: string): unknown {
  const literal = readLiteral(text, 0);
  return literal !== null && text.slice(literal.end).trim() === '' ? literal.value : undefined;
}

interface Literal {
  value: unknown;
  end: number;
}

const NUMBER = /[-+]?(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/y;
const WORD = /True|False|None|nan|inf|-inf|dict\(|float\('-?(?:nan|inf)'\)/y;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
const KEYWORD = /([A-Za-z_]\w*)\s*=\s*/y;

function matched(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skip(text: string, at: number): number {
  return at + (matched(BLANK, text, at)?.[0].length ?? 0);
}

/** One literal, with products of numbers (`5 * 8`), which settings files like to spell out. */
function readLiteral(text: string, at: number, depth = 0): Literal | null {
  const first = readOne(text, at, depth);
  if (first === null || typeof first.value !== 'number') return first;
  let { value, end } = first as { value: number; end: number };
  for (;;) {
    const times = /^[ \t]*\*[ \t]*(?!\*)/.exec(text.slice(end, end + 20));
    const factor = times && matched(NUMBER, text, end + times[0].length);
    if (!times || !factor) return { value, end };
    value *= numberOf(factor[0]);
    end += times[0].length + factor[0].length;
  }
}

function readOne(text: string, at: number, depth: number): Literal | null {
  if (depth > DEEPEST) return null;
  const word = matched(WORD, text, at)?.[0];
  if (word === 'dict(') return readItems(text, at + 5, ')', true, depth);
  if (word !== undefined) return { value: wordValue(word), end: at + word.length };
  const number = matched(NUMBER, text, at)?.[0];
  if (number !== undefined) return { value: numberOf(number), end: at + number.length };
  const first = text[at];
  if (first === '[') return readItems(text, at + 1, ']', false, depth);
  if (first === '(') return readItems(text, at + 1, ')', false, depth);
  if (first === '{') return readItems(text, at + 1, '}', false, depth);
  return readStrings(text, at);
}

function numberOf(text: string): number {
  return Number(text.replaceAll('_', '').replace(/^\+/, ''));
}

function wordValue(word: string): unknown {
  if (word === 'None') return null;
  if (word === 'True' || word === 'False') return word === 'True';
  return word.includes('nan') ? NaN : word.includes('-') ? -Infinity : Infinity;
}

/** What stands between brackets: a list, a tuple, a dict with `:` or one of keywords. */
function readItems(text: string, from: number, close: string, keywords: boolean, depth: number): Literal | null {
  const list: unknown[] = [];
  const map = new Map<string, unknown>();
  let isMap = keywords || close === '}';
  let commas = 0;
  let at = skip(text, from);
  while (text[at] !== close) {
    const keyword = keywords ? matched(KEYWORD, text, at) : null;
    if (keywords && !keyword) return null;
    const item = readLiteral(text, at + (keyword?.[0].length ?? 0), depth + 1);
    if (item === null) return null;
    at = skip(text, item.end);
    if (keyword) map.set(keyword[1] as string, item.value);
    else if (close === '}' && text[at] === ':') {
      const value = readLiteral(text, skip(text, at + 1), depth + 1);
      if (value === null) return null;
      map.set(String(item.value), value.value);
      at = skip(text, value.end);
    } else {
      list.push(item.value);
      isMap = false;
    }
    if (text[at] !== ',') break;
    commas += 1;
    at = skip(text, at + 1);
  }
  if (text[at] !== close) return null;
  if (close === ')' && !keywords && list.length === 1 && commas === 0) return { value: list[0], end: at + 1 };
  return { value: isMap ? map : list, end: at + 1 };
}

const STRING = /[rRuU]?("""|'''|"|')/y;

/** One string, or several that Python would join. */
function readStrings(text: string, from: number): Literal | null {
  let value = '';
  let at = from;
  let end = -1;
  for (;;) {
    const open = matched(STRING, text, at);
    if (!open) break;
    const quote = open[1] as string;
    const start = at + open[0].length;
    const stop = closing(text, start, quote);
    if (stop < 0) return null;
    const raw = text.slice(start, stop);
    value += /^[rR]/.test(open[0]) ? raw : raw.replace(/\\([\\'"nt\n])/g, (_, code: string) => ESCAPES[code] ?? code);
    end = stop + quote.length;
    at = end + (/^[ \t]*/.exec(text.slice(end, end + 100))?.[0].length ?? 0);
  }
  return end < 0 ? null : { value, end };
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', '\n': '' };

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith(quote, at)) return at;
    else if (quote.length === 1 && text[at] === '\n') return -1;
  }
  return -1;
}
