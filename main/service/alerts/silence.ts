/** Why an alert is recorded and not said: the rules of the diagnosis reference, section 6, and the user's settings. Pure. */
import type { Silence } from '../../../preload/alertView.ts';
import type { Alert, AlertSettings, Finding, Severity } from './policy.ts';

const REPEAT_MS = 4 * 3600_000;
/** A verdict counts as changed when it leads the one that was told by this much probability. */
const VERDICT_MARGIN = 0.2;
/** What one run may be worth, whatever happens to it; the last of them is not spent on saying the same again. */
const MOST_A_RUN = 3;
/** A run whose last byte is older than this is history: what is found in it is recorded, not said. */
const RECENT_MS = 24 * 3600_000;
export const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

export interface Moment {
  /** The alert as it was, if there was one. */
  before: Alert | undefined;
  /** How often the run was told of. */
  spent: number;
  nowMs: number;
  /** Minutes since local midnight. */
  localMinutes: number;
}

/** The reason for silence about a finding; null if it is worth saying now. */
export function silenceOf(finding: Finding, { before, spent, nowMs, localMinutes }: Moment, settings: AlertSettings): Silence | null {
  const { run, entry } = finding;
  if (!settings.notifications) return 'off';
  if (settings.mutedRuns.has(run) || settings.mutedRules.has(entry.rule)) return 'muted';
  if (entry.expected && !settings.notifyExpected) return 'expected';
  if (!entry.expected && !isAloud(entry)) return 'minor';
  if (before?.feedback === 'expected-here') return 'judged';
  if (isHistory(finding, nowMs)) return 'history';
  if (spent >= MOST_A_RUN) return 'enough';
  if (before && before.notifiedAtMs !== null && !isNews(finding, before, spent, nowMs)) return 'told';
  return isQuiet(settings, localMinutes) ? 'quiet' : null;
}

/** True for a finding in a run to which nothing was added for a day. */
export function isHistory({ lastByteAtMs }: Finding, nowMs: number): boolean {
  return lastByteAtMs === null || nowMs - lastByteAtMs > RECENT_MS;
}

/**
 * An anomalous gap and a critical fault interrupt; a warning such as overfitting, which healthy runs left long enough show as well,
 * is on the run's row and in the list of alerts and interrupts nobody.
 */
function isAloud({ severity, rule }: Finding['entry']): boolean {
  return severity === 'critical' || (severity === 'warning' && rule.startsWith('val-'));
}

/** Whether what was said before is to be said again. */
function isNews({ entry, lastByteAtMs }: Finding, before: Alert, spent: number, nowMs: number): boolean {
  if (RANK[entry.severity] > RANK[before.severity] || isOtherVerdict(entry, before)) return true;
  const stillFiring = entry.over !== true && lastByteAtMs !== null && nowMs - lastByteAtMs < REPEAT_MS;
  return stillFiring && spent < MOST_A_RUN - 1 && nowMs - (before.notifiedAtMs ?? 0) > REPEAT_MS;
}

/** True when the verdict that was told is now clearly less probable than another. */
function isOtherVerdict({ verdict }: Finding['entry'], { saidVerdict }: Alert): boolean {
  if (!verdict || verdict.kind === 'unclear' || saidVerdict === undefined || saidVerdict === null || verdict.kind === saidVerdict) return false;
  return (verdict.shares[verdict.kind] ?? 0) - (saidVerdict === 'unclear' ? 0 : (verdict.shares[saidVerdict] ?? 0)) >= VERDICT_MARGIN;
}

/** True between the two local times; over midnight when `from` is later than `to`. */
export function isQuiet(settings: Pick<AlertSettings, 'quietFrom' | 'quietTo'>, localMinutes: number): boolean {
  const from = minutes(settings.quietFrom);
  const to = minutes(settings.quietTo);
  if (from === null || to === null || from === to) return false;
  return from < to ? localMinutes >= from && localMinutes < to : localMinutes >= from || localMinutes < to;
}

function minutes(clock: string | null): number | null {
  const parts = clock === null ? null : /^(\d\d):(\d\d)$/.exec(clock);
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
}
