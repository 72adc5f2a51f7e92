import { generalFields, isMetricName, type Field } from '../axes.ts';
import type { Sink } from '../format.ts';
import { NUM, put, toNumber, type Dialect } from './dialect.ts';

/** Names of columns; digits stand in words only (`top1`), and signs of a sentence in none. */
const NAME = /^[A-Za-z_%][\w./@%()' -]{0,40}$/;
const BARS = /[|│┃║]/;
const RULE = /^[-+=|:\s─━┄╌═│┃║┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╇╈┡┩╔╗╚╝╠╣╦╩╬╭╮╯╰]{5,}$/;
const CELL = new RegExp(`^(${NUM})\\s?%?$`);
const COUNT = /^(\d+)\/(\d+)$/;
const MOST_COLUMNS = 64;
/** Text without a row for so long ends a table. */
const PATIENCE = 200;

interface State {
  columns: string[];
  bars: boolean;
  idle: number;
}

/**
 * Tables that are printed row by row: a header with a column that counts and one that measures, then rows of numbers. Columns stand
 * between blanks (skorch, fastai, loops of one's own) or bars (tabulate, rich, prettytable, Markdown); a finished progress bar may follow
 * a row, as with Ultralytics. Cells that are no numbers (a duration, a mark) are passed over.
 */
export function openTable(saved?: unknown): Dialect {
  const before = saved as State | null | undefined;
  const state: State = { columns: before?.columns ?? [], bars: before?.bars ?? false, idle: before?.idle ?? 0 };
  let fields = generalFields(state.columns);
  return {
    line({ text, time, final }, sink) {
      if (text.length > 1000) return false;
      const bars = BARS.test(text) && !/%\|/.test(text);
      const header = final ? headerOf(text, bars) : null;
      if (header !== null) {
        Object.assign(state, { columns: header, bars, idle: 0 });
        fields = generalFields(header);
        return true;
      }
      if (state.columns.length === 0) return false;
      if (RULE.test(text)) return true;
      if (takeRow(text, time, state, fields, sink)) {
        state.idle = 0;
        return true;
      }
      state.idle += 1;
      if (state.idle > PATIENCE) state.columns = [];
      return false;
    },
    save: (): State => ({ ...state })
  };
}

/** The names of the columns if a line is the header of a table of curves. */
function headerOf(text: string, bars: boolean): string[] | null {
  if (/(^|[\s|:=])[-+]?\.?\d/.test(text)) return null;
  let names = bars ? barCells(text) : text.split(/\s{2,}|\t/);
  // Names of one word each may stand close together.
  if (!bars && names.length < 3 && /^(epoch|step|iter)\s/i.test(text)) names = text.split(/\s+/);
  if (names.length < 2 || names.length > MOST_COLUMNS || new Set(names).size !== names.length) return null;
  if (!names.every((name) => NAME.test(name) || /^\w+$/.test(name))) return null;
  const roles = generalFields(names);
  const counts = roles.some(({ role }) => role === 'step' || role === 'epoch');
  return counts && roles.some(({ role, name }) => role === 'metric' && (isMetricName(name) || /^(train|val|valid)$/i.test(name))) ? names : null;
}

function barCells(text: string): string[] {
  return text.replace(/^\s*[|│┃║]|[|│┃║]\s*$/g, '').split(BARS).map((cell) => cell.trim());
}

function takeRow(text: string, time: number, { columns, bars }: State, fields: Field[], sink: Sink): boolean {
  const row = finished(text);
  if (row === null) return false;
  const cells = bars ? barCells(row) : row.split(/\s+/);
  const places = placesOf(cells, columns);
  if (places === null) return false;
  let step = NaN;
  let epoch = NaN;
  for (const [at, cell] of places) {
    const role = fields[at]?.role;
    if (role !== 'step' && role !== 'epoch') continue;
    const count = COUNT.exec(cell);
    const value = CELL.test(cell) ? toNumber(cell.replace('%', '')) : count ? Number(count[1]) : NaN;
    if (Number.isNaN(value)) return false;
    if (role === 'step') step = value;
    else epoch = value;
    if (count && role === 'epoch') sink.fact('planEpochs', Number(count[2]));
  }
  const values = places.flatMap(([at, cell]): [Field, number, string][] => {
    const found = fields[at]?.role === 'metric' ? CELL.exec(cell) : null;
    return found ? [[fields[at] as Field, toNumber(found[1]), cell.endsWith('%') ? '%' : '']] : [];
  });
  for (const [{ name }, value, unit] of values) put(sink, name, unit === '' ? {} : { unit }, { step, epoch, time }, value);
  return values.length > 0;
}

/** The row without the bar behind it; null while that bar is on its way. */
function finished(text: string): string | null {
  const bar = /:?\s*(\d+)%(?:\||\s?[━─█])/.exec(text);
  if (!bar) return text;
  return bar[1] === '100' ? text.slice(0, bar.index) : null;
}

/** Which cell stands in which column; null if the line is no row of this table. skorch leaves its mark out where there is none. */
function placesOf(cells: readonly string[], columns: readonly string[]): [number, string][] | null {
  if (cells.length === columns.length) return cells.map((cell, at) => [at, cell]);
  const mark = columns.indexOf('cp');
  if (mark < 0 || cells.length !== columns.length - 1) return null;
  return cells.map((cell, at) => [at < mark ? at : at + 1, cell]);
}
