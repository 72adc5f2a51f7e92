/**
 * JSON as Python's `json` writes it: with bare `NaN`, `Infinity` and `-Infinity`, which `JSON.parse` refuses.
 */

/** Deeper nesting than this is refused: no log needs it, and a hostile file must not exhaust the stack. */
const DEEPEST = 200;

/** Parses JSON, also with bare NaN and infinities. Throws a SyntaxError that names the place. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return new Tolerant(text).document();
  }
}

class Tolerant {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    const value = this.#value(0);
    this.#blank();
    if (this.#at < this.#text.length) this.#fail('Unexpected text');
    return value;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) this.#fail('Nested too deeply');
    this.#blank();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    return this.#word();
  }

  #object(depth: number): unknown {
    // Without a prototype, so that a key such as __proto__ is a key like any other.
    const object = Object.create(null) as Record<string, unknown>;
    this.#at += 1;
    if (this.#closes('}')) return object;
    for (;;) {
      this.#blank();
      if (this.#text[this.#at] !== '"') this.#fail('Expected a key');
      const key = this.#string();
      this.#expect(':');
      object[key] = this.#value(depth + 1);
      if (this.#closes('}')) return object;
      this.#expect(',');
    }
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    if (this.#closes(']')) return array;
    for (;;) {
      array.push(this.#value(depth + 1));
      if (this.#closes(']')) return array;
      this.#expect(',');
    }
  }

  #string(): string {
    const from = this.#at;
    for (let at = from + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x5c) at += 1;
      else if (code === 0x22) {
        this.#at = at + 1;
        return JSON.parse(this.#text.slice(from, at + 1)) as string;
      }
    }
    return this.#fail('A string is not closed');
  }

  #word(): unknown {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) return this.#fail('Unexpected character');
    this.#at += word.length;
    const known = WORDS.get(word);
    return known === undefined ? Number(word) : known;
  }

  #closes(bracket: string): boolean {
    this.#blank();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    this.#blank();
    if (this.#text[this.#at] !== character) this.#fail(`Expected '${character}'`);
    this.#at += 1;
  }

  #blank(): void {
    while (this.#at < this.#text.length && ' \t\r\n'.includes(this.#text[this.#at] as string)) this.#at += 1;
  }

  #fail(what: string): never {
    throw new SyntaxError(`${what} at position ${this.#at}`);
  }
}

const WORD = /NaN|-?Infinity|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORDS = new Map<string, unknown>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['true', true],
  ['false', false],
  ['null', null]
]);
