/** Names that look alike when they are cut in their middle, and the part of each that tells it from the others. */

import { END, endOf, isSeparator } from '../format/names.ts';

/** So many characters at the beginning stay in sight where a name is cut: names with the same ends look alike. */
const START = 8;
/** A part is widened to whole words, by so many characters at most: "wd0.1", not "1". */
const WORD = 10;

/** A part of a name: from one place up to before another. */
export interface Part {
  from: number;
  to: number;
}

interface Family {
  first: string;
  /** There are others than the first. */
  several: boolean;
  /** Lengths of what all of them begin and end with. */
  start: number;
  end: number;
  /** Length of the shortest. */
  least: number;
}

export class Alike {
  readonly #families = new Map<string, Family>();

  /** Takes in a name. What was taken in stays, also when its run is gone: its relatives then say more than they must. */
  add(name: string): void {
    const key = keyOf(name);
    if (key === null) return;
    const family = this.#families.get(key);
    if (!family) this.#families.set(key, { first: name, several: false, start: name.length, end: name.length, least: name.length });
    else if (family.first !== name) {
      family.several = true;
      family.least = Math.min(family.least, name.length);
      family.start = Math.min(family.start, common(family.first, name, (text, i) => text[i]));
      family.end = Math.min(family.end, common(family.first, name, (text, i) => text[text.length - 1 - i]));
    }
  }

  /** The part that tells a name from those with the same ends; null where there is none such. */
  apart(name: string): Part | null {
    const key = keyOf(name);
    const family = key === null ? undefined : this.#families.get(key);
    if (!family?.several) return null;
    const from = wordStart(name, family.start);
    // In the shortest what all begin with may reach into what all end with: then the other names have it twice.
    const end = Math.min(family.end, family.least - family.start);
    const to = wordEnd(name, name.length - end);
    return to > from ? { from, to } : null;
  }
}

function keyOf(name: string): string | null {
  return name.length > START + END ? `${name.slice(0, START)}\n${name.slice(endOf(name, END))}` : null;
}

function common(a: string, b: string, at: (text: string, i: number) => string | undefined): number {
  const most = Math.min(a.length, b.length);
  let i = 0;
  while (i < most && at(a, i) === at(b, i)) i++;
  return i;
}

function wordStart(name: string, at: number): number {
  for (let i = at; i > at - WORD && i > 0; i--) if (isSeparator(name, i - 1)) return i;
  return at;
}

function wordEnd(name: string, at: number): number {
  for (let i = at; i < at + WORD && i < name.length; i++) if (isSeparator(name, i)) return i;
  return at;
}
