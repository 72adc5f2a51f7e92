/** A small language of what happens to files, played on the real file system and on a model of it at once. */
import {
  appendFileSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { HEADER } from './number-formats.ts';

export type Action =
  | { do: 'append' | 'recreate' | 'replace' | 'extendByReplacing'; file: number; lines: number }
  | { do: 'partial' | 'complete' | 'truncate' | 'cut' | 'copyTruncate' | 'delete'; file: number }
  | { do: 'swapKeepingTime' | 'editInPlace' | 'touch'; file: number }
  | { do: 'rename'; file: number; to: number }
  | { do: 'exchange'; file: number; to: number }
  | { do: 'renameFolder'; file: number; to: number }
  | { do: 'writeList' | 'tearList'; file: number; lines: number }
  | { do: 'rootAway' | 'look' | 'glance' | 'idle' | 'restart' };

const file = fc.nat(5);
/** Some files are longer than the part that is compared at every look. */
const lines = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.integer({ min: 200, max: 400 }));

const oneOf = <const T extends string[]>(...names: T): fc.Arbitrary<T[number]> => fc.constantFrom(...names);

/** Any action; looking at the files is as frequent as writing them. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: oneOf('append'), file, lines }) },
  { weight: 3, arbitrary: fc.record({ do: oneOf('recreate', 'replace', 'extendByReplacing'), file, lines }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: oneOf('partial', 'complete', 'truncate', 'cut', 'copyTruncate', 'delete', 'swapKeepingTime', 'editInPlace', 'touch'),
      file,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: oneOf('rename', 'exchange', 'renameFolder'), file, to: file }) },
  { weight: 2, arbitrary: fc.record({ do: oneOf('writeList', 'tearList'), file, lines }) },
  { weight: 9, arbitrary: fc.record({ do: oneOf('look', 'look', 'glance', 'idle', 'restart', 'rootAway') }) },
);

/** What the files contain, by path. */
export interface Model {
  files: Map<string, string>;
  lists: Map<string, string>;
}

const PLACES = ['a/log.num', 'b/log.num', 'b/more.num', 'log.num', 'c/d/log.num', 'c/d/log.num.1'];

export interface Player {
  model: Model;
  play(action: Action): void;
  /** Everything has been looked at. */
  looked(): void;
}

/** Plays the actions that concern files; the next number is never used twice. */
export function openPlayer(root: string): Player {
  const model: Model = { files: new Map(), lists: new Map() };
  let next = 100_000;
  let grown = false;
  let edited = false;
  const fresh = (count: number): string => Array.from({ length: count }, () => `${(next += 1)}\n`).join('');
  /** What ends an unfinished line, if there is one. */
  const ended = (text: string): string => (text.endsWith('\n') || text === '' ? '' : '\n');
  const at = (path: string): string => join(root, path);
  const placeOf = (index: number): string => PLACES[index % PLACES.length] ?? 'log.num';

  function write(path: string, text: string): void {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
    model.files.set(path, text);
  }

  function append(path: string, text: string): void {
    // Written in the middle and at the end between two looks: no size and no end shows it, and no log is written so.
    if (edited) return;
    grown = true;
    appendFileSync(at(path), text);
    model.files.set(path, (model.files.get(path) ?? '') + text);
  }

  function replace(path: string, text: string): void {
    writeFileSync(at(`${path}.tmp`), text);
    renameSync(at(`${path}.tmp`), at(path));
    model.files.set(path, text);
  }

  function rename(from: string, to: string): void {
    const text = model.files.get(from);
    if (text === undefined || from === to) return;
    mkdirSync(dirname(at(to)), { recursive: true });
    renameSync(at(from), at(to));
    model.files.delete(from);
    model.files.set(to, text);
  }

  function exchange(one: string, other: string): void {
    if (!model.files.has(one) || !model.files.has(other) || one === other) return;
    const [first, second] = [model.files.get(one) ?? '', model.files.get(other) ?? ''];
    renameSync(at(one), at(`${one}.tmp`));
    renameSync(at(other), at(one));
    renameSync(at(`${one}.tmp`), at(other));
    model.files.set(one, second);
    model.files.set(other, first);
  }

  /** The same number of other bytes under the same name and the same time stamp. */
  function swapKeepingTime(path: string): void {
    const text = model.files.get(path) ?? '';
    const { atime, mtime } = statSync(at(path));
    replace(path, text.replace(/\d{6}\n/g, () => fresh(1)));
    utimesSync(at(path), atime, mtime);
  }

  function editInPlace(path: string): void {
    if (grown) return;
    edited = true;
    const text = model.files.get(path) ?? '';
    // A line in the middle, far from both ends.
    const middle = text.indexOf('\n', text.length / 2) + 1;
    const changed = text.slice(0, middle) + text.slice(middle).replace(/^\d{6}\n/, () => fresh(1));
    writeFileSync(at(path), changed, { flag: 'r+' });
    model.files.set(path, changed);
  }

  function renameFolder(from: string, to: string): void {
    const [source, target] = [dirname(from), `${dirname(to)}-kept`.replace('./', '').replace('.-', 'root-')];
    if (source === '.' || !model.files.has(from) || [...model.files.keys()].some((path) => path.startsWith(`${target}/`))) return;
    rmSync(at(target), { recursive: true, force: true });
    mkdirSync(dirname(at(target)), { recursive: true });
    renameSync(at(source), at(target));
    for (const files of [model.files, model.lists]) {
      for (const [path, text] of [...files]) {
        if (!path.startsWith(`${source}/`)) continue;
        files.delete(path);
        files.set(target + path.slice(source.length), text);
      }
    }
  }

  function play(act: Action): void {
    if (!('file' in act)) return;
    const path = placeOf(act.file);
    const text = model.files.get(path);
    if (act.do === 'writeList' || act.do === 'tearList') {
      const list = `lists/${act.file}.list`;
      const whole = `[${fresh(act.lines).trim().split('\n').join(',')}]`;
      mkdirSync(at('lists'), { recursive: true });
      model.lists.set(list, act.do === 'writeList' ? whole : whole.slice(0, whole.length / 2));
      return writeFileSync(at(list), model.lists.get(list) ?? '');
    }
    if (text === undefined) return act.do === 'append' ? write(path, HEADER + fresh(act.lines)) : undefined;
    if (act.do === 'append') return append(path, ended(text) + fresh(act.lines));
    if (act.do === 'partial') append(path, ended(text) + fresh(1).slice(0, 4));
    else if (act.do === 'complete') append(path, text.endsWith('\n') ? '' : '99\n');
    else if (act.do === 'truncate') write(path, '');
    else if (act.do === 'cut') {
      const length = Math.floor(text.length / 2);
      truncateSync(at(path), length);
      model.files.set(path, text.slice(0, length));
    } else if (act.do === 'copyTruncate') {
      copyFileSync(at(path), at(`${path}.copy.num`));
      model.files.set(`${path}.copy.num`, text);
      write(path, '');
    } else if (act.do === 'delete') {
      rmSync(at(path));
      model.files.delete(path);
    } else if (act.do === 'recreate') {
      rmSync(at(path));
      write(path, HEADER + fresh(act.lines));
    } else if (act.do === 'replace') replace(path, HEADER + fresh(act.lines));
    else if (act.do === 'extendByReplacing') replace(path, text + (text.endsWith('\n') ? '' : '\n') + fresh(act.lines));
    else if (act.do === 'swapKeepingTime') swapKeepingTime(path);
    else if (act.do === 'editInPlace') editInPlace(path);
    else if (act.do === 'touch') utimesSync(at(path), new Date(), new Date());
    else if (act.do === 'rename') rename(path, placeOf(act.to));
    else if (act.do === 'exchange') exchange(path, placeOf(act.to));
    else if (act.do === 'renameFolder') renameFolder(path, placeOf(act.to));
    if (model.files.has(path)) checkModel(path);
  }

  function checkModel(path: string): void {
    if (readFileSync(at(path), 'latin1') !== model.files.get(path)) throw new Error(`the model of ${path} is wrong`);
  }

  return {
    model,
    play,
    looked() {
      grown = false;
      edited = false;
    },
  };
}

/** Numbers in the complete lines of a file, and the number in an unfinished last line. */
export function numbersIn(text: string): { complete: number[]; rest: number | null } {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const complete = lines.filter((line) => /^\d+$/.test(line)).map(Number);
  return { complete, rest: /^\d+$/.test(rest) ? Number(rest) : null };
}
