/** One line of the runs panel. */
import type { Chip, Place, RunRow } from '../../../preload/contract.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { RunSeries } from './assemble.ts';
import type { Extreme } from '../store/store.ts';
import type { Run } from './catalogue.ts';
import { QUIET_S, runState, type RunState } from './state.ts';

const SPARK_POINTS = 48;
const VERDICT_WORDS = { expected: 'Expected', bug: 'Bug', data: 'Data', unclear: 'Unclear' } as const;

export interface RowMarks {
  pinned: boolean;
  hidden: boolean;
  muted: boolean;
  problems: number;
}

/** What a row shows of its run's diagnosis. */
export type Glance = Pick<RunRow, 'chip' | 'spark'>;

const UNREAD: Glance = { chip: { tone: 'none', word: 'Reading' }, spark: [] };

/** `run` is the one that was diagnosed. */
export function glanceOf(diagnosis: Diagnosis, run: Run): Glance {
  return { chip: chipOf(diagnosis, run), spark: sparkOf(diagnosis.gap.curve.d) };
}

/** `glance` is null as long as there is no diagnosis. */
export function runRow(run: Run, name: string, glance: Glance | null, state: RunState, marks: RowMarks): RunRow {
  const { chip, spark } = glance ?? UNREAD;
  const shown = preferredLoss(run.series);
  let step: number | null = null;
  let epoch: number | null = null;
  let points = 0;
  for (const { parts } of run.series) {
    for (const { count, end } of parts) {
      points += count;
      if (end?.step != null) step = Math.max(step ?? -Infinity, end.step);
      if (end?.epoch != null) epoch = Math.max(epoch ?? -Infinity, end.epoch);
    }
  }
  return {
    key: run.key,
    rootId: run.rootId,
    id: run.folder,
    name,
    state,
    chip,
    spark,
    last: shown && newestOf(shown),
    step,
    epoch,
    lastByteAtMs: lastByteAt(run),
    points,
    ...marks,
  };
}

function newestOf(shown: RunSeries): RunRow['last'] {
  const { last, end } = shown.parts.at(-1) ?? {};
  const finite = last?.index === end?.index ? null : place(last);
  return { label: shown.split ?? shown.name, value: end?.value ?? null, ...(finite && { finite }) };
}

/** A point as it is shown: x is the step, else the epoch, else the index. */
export function place(point: Extreme | null | undefined): Place | null {
  return point ? { x: point.step ?? point.epoch ?? point.index, value: point.value } : null;
}

/** The validation loss, else the training loss, else whatever there is. */
function preferredLoss(series: readonly RunSeries[]): RunSeries | null {
  const losses = series.filter(({ metric, probe }) => metric === 'loss' && !probe);
  return losses.find(({ split }) => split === 'val') ?? losses[0] ?? series.find(({ split }) => split !== null) ?? series[0] ?? null;
}

/** Milliseconds since 1970 of the newest byte of any source; null for a run without files. */
export function lastByteAt(run: Run): number | null {
  let newest = -Infinity;
  for (const { row } of run.sources) newest = Math.max(newest, row.grewAtMs ?? -Infinity, row.mtimeMs || -Infinity);
  return Number.isFinite(newest) ? newest : null;
}

/** When the newest byte was written that was appended while the file was followed; null if all there is was found. */
export function appendedAt(run: Run): number | null {
  const times = run.sources.filter(({ row }) => row.grewAtMs !== null).map(({ row }) => row.mtimeMs);
  return times.length > 0 ? Math.max(...times) : null;
}

/** State of a run at a time in milliseconds since 1970. What is no longer there tells nothing but how it ended. Asked for every run with every event. */
export function stateOf(run: Run, nowMs: number): RunState {
  let grewMs = -Infinity;
  let modifiedMs = -Infinity;
  for (const { row } of run.sources) {
    if (row.gone) continue;
    grewMs = Math.max(grewMs, row.grewAtMs ?? -Infinity);
    if (row.mtimeMs > 0) modifiedMs = Math.max(modifiedMs, row.mtimeMs);
  }
  // A millisecond early, as seconds since 1970 are rounded.
  const isQuiet = nowMs - Math.max(grewMs, modifiedMs) > QUIET_S * 1000 - 1;
  return runState({
    said: run.sources.map(({ row }) => (row.gone && row.state === 'running' ? null : row.state)),
    grewAt: grewMs > -Infinity ? grewMs / 1000 : null,
    modifiedAt: modifiedMs > -Infinity ? modifiedMs / 1000 : null,
    // Only a silence that may be a stall is measured by it.
    interval: isQuiet && grewMs > -Infinity ? usualInterval(run) : null,
    reachedPlan: reachedPlan(run),
    now: nowMs / 1000,
  });
}

/** True for a run whose state is `running`. Most of thousands of runs are of long ago, which their times alone say. */
export function isRunning(run: Run, nowMs: number): boolean {
  // A millisecond late, as seconds since 1970 are rounded.
  const isOld = run.sources.every(({ row }) => row.grewAtMs === null && nowMs - row.mtimeMs > QUIET_S * 1000 + 1);
  return !isOld && stateOf(run, nowMs) === 'running';
}

function usualInterval(run: Run): number | null {
  const shown = preferredLoss(run.series);
  const part = shown?.parts.at(-1);
  if (!part || part.first?.time == null || part.end?.time == null || part.count < 3) return null;
  return (part.end.time - part.first.time) / (part.count - 1);
}

function reachedPlan(run: Run): boolean {
  const plan = run.facts.get('planSteps');
  if (typeof plan !== 'number' || plan <= 0) return false;
  return run.series.some(({ parts }) => parts.some((part) => part.end?.step != null && part.end.step >= plan));
}

function chipOf(diagnosis: Diagnosis, run: Run): Chip {
  const critical = diagnosis.faults.find((fault) => fault.severity === 'critical');
  if (critical) return { tone: 'bug', word: capitalised(critical.name) };
  if (diagnosis.verdict && diagnosis.gap.firedAt) {
    const kind = diagnosis.verdict.kind;
    return { tone: kind === 'unclear' ? 'unclear' : kind, word: VERDICT_WORDS[kind] };
  }
  const warning = diagnosis.faults.find((fault) => fault.severity === 'warning');
  if (warning) return { tone: 'warning', word: capitalised(warning.name) };
  if (diagnosis.gap.state === 'too-few') return { tone: 'none', word: evalWord(diagnosis.gap.evals, run) };
  return { tone: 'healthy', word: 'Healthy' };
}

function evalWord(evals: number, run: Run): string {
  const hasValidation = run.series.some(({ split, metric }) => split === 'val' && metric === 'loss');
  return hasValidation ? `${evals} of 8 evals` : 'No validation';
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** At most 48 values, the mean of each bucket, to four digits: it is drawn 20 pixels high, and every start reads those of all runs. */
function sparkOf(values: readonly number[]): number[] {
  return means(values).map((value) => Number(value.toPrecision(4)));
}

function means(values: readonly number[]): number[] {
  if (values.length <= SPARK_POINTS) return values.filter(Number.isFinite);
  const buckets: number[] = [];
  for (let at = 0; at < SPARK_POINTS; at += 1) {
    const from = Math.floor((at * values.length) / SPARK_POINTS);
    const own = values.slice(from, Math.max(from + 1, Math.floor(((at + 1) * values.length) / SPARK_POINTS))).filter(Number.isFinite);
    if (own.length > 0) buckets.push(own.reduce((sum, value) => sum + value, 0) / own.length);
  }
  return buckets;
}
