/** The filter box of the runs list: plain words, /regex/, and conditions such as `state:running`, `epoch>10` or `lr<1e-3`. */
import type { RunRow } from '../../preload/contract.ts';

export interface Filter {
  test(row: RunRow): boolean;
  /** What cannot be understood, in plain words; null if all of it can. */
  problem: string | null;
  /** Names of numbers that no row holds and that conditions ask for: `lr`. */
  asks: string[];
}

/** What runs say under a name, by key of the run; undefined as long as it is not known. */
export type NumbersOf = (name: string) => ReadonlyMap<string, number> | undefined;

const NUMBERS = new Map<string, (row: RunRow) => number | null>([
  ['epoch', (row) => row.epoch],
  ['step', (row) => row.step],
  ['loss', (row) => row.last?.value ?? null],
  ['points', (row) => row.points],
  ['problems', (row) => row.problems],
  ['gap', (row) => row.spark.at(-1) ?? null],
]);

const COMPARE = new Map<string, (a: number, b: number) => boolean>([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['=', (a, b) => a === b],
]);

const FLAGS = new Map<string, (row: RunRow) => boolean>([
  ['pinned', (row) => row.pinned],
  ['hidden', (row) => row.hidden],
  ['muted', (row) => row.muted],
]);

/** A condition that is being typed. */
const UNFINISHED = /^(?:(?:state|verdict|is|root):|[a-z][\w./-]*(?:<=|>=|<|>|=)-?)$/i;

type Test = (row: RunRow) => boolean;

interface Context {
  rootPath(id: number): string;
  numbers: NumbersOf;
  asks: Set<string>;
}

/** Reads a filter. `rootPath` gives the folder of a root, for `root:`; `numbers` what is not in the rows. All terms must hold; a term that begins with "-" must not. An unfinished or wrong regex matches nothing and says why. */
export function parseFilter(text: string, rootPath: (id: number) => string = String, numbers: NumbersOf = () => undefined): Filter {
  const context: Context = { rootPath, numbers, asks: new Set() };
  const tests: Test[] = [];
  let problem: string | null = null;
  for (const term of split(text)) {
    const negated = term.length > 1 && term.startsWith('-');
    const parsed = parseTerm(negated ? term.slice(1) : term, context);
    if (typeof parsed === 'string') problem ??= parsed;
    else tests.push(negated ? (row) => !parsed(row) : parsed);
  }
  return { test: (row) => problem === null && tests.every((test) => test(row)), problem, asks: [...context.asks] };
}

/** True if the filter asks for hidden runs by name, so that they are shown although they are hidden. */
export function asksForHidden(text: string): boolean {
  return /(^|\s)is:hidden\b/i.test(text);
}

/** Terms at white space, but a /regex/ stays whole. */
function split(text: string): string[] {
  return text.match(/-?\/(?:\\.|[^/\\])*\/[i]*|\S+/g) ?? [];
}

function parseTerm(term: string, context: Context): Test | string {
  if (term.startsWith('/')) return parseRegex(term);
  const unfinished = UNFINISHED.exec(term);
  if (unfinished) return `Something is missing after “${unfinished[0]}”.`;
  const field = /^(state|verdict|is|root):(.+)$/i.exec(term);
  if (field) return parseField((field[1] as string).toLowerCase(), (field[2] as string).toLowerCase(), context.rootPath);
  const condition = /^([a-z][\w./-]*?)(<=|>=|<|>|=)(-?[\d.]+(?:e[-+]?\d+)?)$/i.exec(term);
  const compare = condition && COMPARE.get(condition[2] as string);
  if (compare) {
    const read = reader((condition[1] as string).toLowerCase(), context);
    const limit = Number(condition[3]);
    return (row) => {
      const number = read(row);
      return number !== null && compare(number, limit);
    };
  }
  const word = term.toLowerCase();
  return (row) => row.name.toLowerCase().includes(word) || row.id.toLowerCase().includes(word);
}

/** A number that every row holds, else one that is asked for; what is not known yet is no number. */
function reader(name: string, { numbers, asks }: Context): (row: RunRow) => number | null {
  const own = NUMBERS.get(name);
  if (own) return own;
  asks.add(name);
  const known = numbers(name);
  return (row) => known?.get(row.key) ?? null;
}

function parseRegex(term: string): Test | string {
  const end = term.lastIndexOf('/');
  if (end === 0) return 'The regular expression is not finished: it ends with a slash.';
  try {
    const regex = new RegExp(term.slice(1, end), 'i');
    return (row) => regex.test(row.name) || regex.test(row.id);
  } catch {
    return 'This is not a valid regular expression.';
  }
}

function parseField(field: string, wanted: string, rootPath: (id: number) => string): Test | string {
  if (field === 'state') return (row) => row.state.startsWith(wanted);
  if (field === 'verdict') return (row) => row.chip.word.toLowerCase().startsWith(wanted);
  if (field === 'root') return (row) => rootPath(row.rootId).toLowerCase().includes(wanted);
  return FLAGS.get(wanted) ?? `There is no "is:${wanted}". Known are is:pinned, is:hidden and is:muted.`;
}
