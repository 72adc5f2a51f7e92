/**
 * Compares what was read with what was logged (`*.truth.json`): every point there, none extra. Pure; it serves the tests of single
 * formats and those of the whole (`gapwatch export`). The tolerances of a truth file are described beside the type.
 */
import type { ConfigValue, Split } from '../../../main/service/formats/format.ts';

/** One point as `gapwatch export` prints it. */
export interface Row {
  run: string;
  series: string;
  split: Split | null;
  step: number | null;
  epoch: number | null;
  time?: number | null;
  value: number;
}

/** Step, epoch, value; null where the file has none. Values that JSON cannot hold are texts. */
export type TruthPoint = [number | null, number | null, number | string];

export interface TruthSeries {
  name: string;
  split: Split | null;
  points: TruthPoint[];
  /** Other accepted places, names or points. */
  alt?: { run?: string; name?: string; points?: TruthPoint[] }[];
  splitAlt?: (Split | null)[];
  /** May be missing; if it is there, its points are not compared. */
  optional?: boolean;
  /** Superseded points: neither required nor wrong. */
  optionalPoints?: TruthPoint[];
  /** Only the step counts, the epoch is not compared. */
  axisLoose?: boolean;
}

export interface TruthRun {
  id: string;
  idAlt?: string[];
  series: TruthSeries[];
  config: Record<string, ConfigValue>;
  configOptional?: Record<string, ConfigValue>;
}

export interface Truth {
  case: string;
  runs: TruthRun[];
  /** Series not named here are not counted. */
  ignoreOtherSeries?: boolean;
  setup?: { op: string; path: string; target: string }[];
}

export interface Found {
  rows: readonly Row[];
  /** Configuration by run. */
  configs?: ReadonlyMap<string, ReadonlyMap<string, ConfigValue>>;
}

interface Group {
  run: string;
  name: string;
  split: Split | null;
  rows: Row[];
  taken: boolean;
}

/**
 * Sentences saying what differs; empty if everything is as logged. With `ignoreSplit` the rows come from single files, whose splits are
 * not known yet.
 */
export function differences(found: Found, truth: Truth, { ignoreSplit = false } = {}): string[] {
  const groups = groupRows(found.rows);
  const result: string[] = [];
  for (const run of truth.runs) {
    const homes = new Set([run.id, ...(run.idAlt ?? [])]);
    for (const series of run.series) {
      const candidates = candidatesOf(groups, run, series, ignoreSplit);
      const right = candidates.find(({ group, points }) => pointDifference(group.rows, points, series) === null) ?? candidates[0];
      if (right) {
        right.group.taken = true;
        homes.add(right.group.run);
        const wrong = series.optional ? null : pointDifference(right.group.rows, right.points, series);
        if (wrong !== null) result.push(`${run.id}: ${label(series)}: ${wrong}`);
      } else if (!series.optional && series.points.length > 0) result.push(`${run.id}: ${label(series)} is missing`);
    }
    result.push(...configDifferences(run, [...homes], found.configs ?? new Map()));
  }
  if (truth.ignoreOtherSeries) return result;
  for (const group of groups) if (!group.taken) result.push(`${group.run}: extra series ${label(group)} with ${group.rows.length} points`);
  return result;
}

function label(series: { name: string; split: Split | null }): string {
  return `${series.name} (${series.split ?? 'no split'})`;
}

function groupRows(rows: readonly Row[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = `${row.run}\u0000${row.series}\u0000${row.split ?? ''}`;
    const there = groups.get(key);
    if (there) there.rows.push(row);
    else groups.set(key, { run: row.run, name: row.series, split: row.split, rows: [row], taken: false });
  }
  return [...groups.values()];
}

/** The groups that may be this series, each with the points that are then expected. */
function candidatesOf(
  groups: readonly Group[],
  run: TruthRun,
  series: TruthSeries,
  ignoreSplit: boolean,
): { group: Group; points: TruthPoint[] }[] {
  const splits = new Set<Split | null>([series.split, ...(series.splitAlt ?? [])]);
  const places = [{}, ...(series.alt ?? [])].map((alt: { run?: string; name?: string; points?: TruthPoint[] }) => ({
    runs: alt.run === undefined ? [run.id, ...(run.idAlt ?? [])] : [alt.run],
    name: alt.name ?? series.name,
    points: alt.points ?? series.points,
  }));
  return places.flatMap(({ runs, name, points }) =>
    groups
      .filter((group) => !group.taken && group.name === name && runs.includes(group.run) && (ignoreSplit || splits.has(group.split)))
      .map((group) => ({ group, points })),
  );
}

/** What is wrong with the points of a series, null if nothing is. Every logged point once, in any order. */
function pointDifference(rows: readonly Row[], points: readonly TruthPoint[], series: TruthSeries): string | null {
  const left = new Map<string, Row[]>();
  for (const row of rows) {
    const key = axisKey(row.step, row.epoch, series);
    const there = left.get(key);
    if (there) there.push(row);
    else left.set(key, [row]);
  }
  for (const point of points) {
    const row = takeMatch(left, point, series);
    if (row === null) {
      const there = left.get(axisKey(point[0], point[1], series));
      const instead = there?.[0] ? `, there is ${there[0].value}` : '';
      return `point ${JSON.stringify(point)} is missing${instead} (${rows.length} of ${points.length} points)`;
    }
  }
  for (const point of series.optionalPoints ?? []) takeMatch(left, point, series);
  for (const [first] of left.values()) {
    if (first) return `extra point [${first.step}, ${first.epoch}, ${first.value}] (${rows.length} of ${points.length} points)`;
  }
  return null;
}

function axisKey(step: number | null, epoch: number | null, series: TruthSeries): string {
  return series.axisLoose ? `${step}` : `${step} ${epoch === null ? null : Number(epoch.toPrecision(9))}`;
}

function takeMatch(left: Map<string, Row[]>, [step, epoch, value]: TruthPoint, series: TruthSeries): Row | null {
  const there = left.get(axisKey(step, epoch, series));
  const at = there?.findIndex((row) => sameValue(row.value, Number(value))) ?? -1;
  return there && at >= 0 ? (there.splice(at, 1)[0] ?? null) : null;
}

/** Equal, or equal as float32 where the reading came from an event file and the truth from a text. */
function sameValue(read: number, logged: number): boolean {
  return Object.is(read, logged) || read === logged || Object.is(read, Math.fround(logged));
}

function configDifferences(run: TruthRun, homes: readonly string[], configs: NonNullable<Found['configs']>): string[] {
  const result: string[] = [];
  for (const [key, wanted] of Object.entries(run.config)) {
    const values = homes.map((home) => configs.get(home)).filter((config) => config?.has(key));
    if (values.length === 0) result.push(`${run.id}: config ${key} is missing`);
    else if (!values.some((config) => sameConfig(config?.get(key) ?? null, wanted))) {
      result.push(`${run.id}: config ${key} is ${JSON.stringify(values[0]?.get(key))}, not ${JSON.stringify(wanted)}`);
    }
  }
  return result;
}

/** Event files hold PyTorch's booleans as numbers. */
function sameConfig(read: ConfigValue, logged: ConfigValue): boolean {
  if (typeof logged === 'boolean' && typeof read === 'number') return read === Number(logged);
  return JSON.stringify(read) === JSON.stringify(logged);
}
