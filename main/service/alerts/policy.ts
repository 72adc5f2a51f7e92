/**
 * What is worth telling, once. Pure: findings, settings and what was told before go in, what to record and what to say comes out.
 *
 * Rules of the diagnosis reference, section 6: one notification per run and rule; again only when the severity rises or after four hours
 * still firing; several runs at once become one message; muted runs and rules, quiet hours and expected gaps are recorded, not said.
 */
import type { Diagnosis } from '../diagnose/diagnosis.ts';

export type Severity = 'critical' | 'warning' | 'info';

export interface Alert {
  /** `<run>|<rule>`: what makes an alert the same one. */
  id: string;
  run: string;
  runName: string;
  rule: string;
  severity: Severity;
  title: string;
  body: string;
  step: number | null;
  atMs: number;
  /** When it was last said as a notification; null if it never was. */
  notifiedAtMs: number | null;
  seen: boolean;
  feedback: 'expected-here' | 'useful' | 'none';
}

export interface AlertSettings {
  notifications: boolean;
  notifyExpected: boolean;
  /** Local "HH:MM", both set or none. */
  quietFrom: string | null;
  quietTo: string | null;
  mutedRuns: ReadonlySet<string>;
  mutedRules: ReadonlySet<string>;
}

export interface Finding {
  run: string;
  runName: string;
  /** Milliseconds since 1970 of the run's last byte; null if unknown. */
  lastByteAtMs: number | null;
  entry: Diagnosis['notify'][number];
}

export interface Notice {
  title: string;
  body: string;
  severity: Severity;
  /** The run to open on a click, and the step; with several runs the first. */
  run: string;
  step: number | null;
  alerts: string[];
}

const REPEAT_MS = 4 * 3600_000;
/** A run whose last byte is older than this is history: what is found in it is recorded, not said. */
const RECENT_MS = 24 * 3600_000;
/** More notifications than this in one look become one. */
const SINGLE_NOTICES = 1;
const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

/** Decides on the findings of one look at one or several runs. `known` holds all alerts so far by id. */
export function decide(
  findings: readonly Finding[],
  known: ReadonlyMap<string, Alert>,
  settings: AlertSettings,
  nowMs: number,
  localMinutes: number,
): { changed: Alert[]; notices: Notice[] } {
  const changed: Alert[] = [];
  const say: Alert[] = [];
  for (const finding of findings) {
    if (finding.entry.severity === 'info' && !finding.entry.expected) continue;
    const before = known.get(alertId(finding));
    const alert = merged(finding, before, nowMs);
    const aloud = worthSaying(finding, alert, before, settings, nowMs) && !isQuiet(settings, localMinutes);
    if (aloud) say.push({ ...alert, notifiedAtMs: nowMs });
    if (aloud || !before || differs(before, alert)) changed.push(aloud ? { ...alert, notifiedAtMs: nowMs } : alert);
  }
  return { changed, notices: noticesFor(say) };
}

function alertId(finding: Finding): string {
  return `${finding.run}|${finding.entry.rule}`;
}

function merged({ run, runName, entry }: Finding, before: Alert | undefined, nowMs: number): Alert {
  return {
    id: `${run}|${entry.rule}`,
    run,
    runName,
    rule: entry.rule,
    severity: entry.severity,
    title: entry.title,
    body: entry.body,
    step: before?.step ?? entry.step,
    atMs: before?.atMs ?? nowMs,
    notifiedAtMs: before?.notifiedAtMs ?? null,
    seen: before?.seen ?? false,
    feedback: before?.feedback ?? 'none',
  };
}

function worthSaying({ run, entry, lastByteAtMs }: Finding, alert: Alert, before: Alert | undefined, settings: AlertSettings, nowMs: number): boolean {
  if (!settings.notifications || settings.mutedRuns.has(run) || settings.mutedRules.has(entry.rule)) return false;
  if (entry.expected && !settings.notifyExpected) return false;
  if (!isAloud(entry) && !(entry.expected && settings.notifyExpected)) return false;
  if (alert.feedback === 'expected-here') return false;
  if (lastByteAtMs === null || nowMs - lastByteAtMs > RECENT_MS) return false;
  if (!before || before.notifiedAtMs === null) return true;
  if (RANK[entry.severity] > RANK[before.severity]) return true;
  return nowMs - before.notifiedAtMs > REPEAT_MS && nowMs - lastByteAtMs < REPEAT_MS;
}

/**
 * An anomalous gap and a critical fault interrupt; a warning such as overfitting, which healthy runs left long enough show as well,
 * is on the run's row and in the list of alerts and interrupts nobody.
 */
function isAloud(entry: Finding['entry']): boolean {
  return entry.severity === 'critical' || (entry.severity === 'warning' && entry.rule.startsWith('val-'));
}

function differs(a: Alert, b: Alert): boolean {
  return a.title !== b.title || a.body !== b.body || a.severity !== b.severity || a.runName !== b.runName;
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

function noticesFor(alerts: readonly Alert[]): Notice[] {
  const runs = new Set(alerts.map((alert) => alert.run));
  const ranked = [...alerts].sort((a, b) => RANK[b.severity] - RANK[a.severity]);
  if (runs.size <= SINGLE_NOTICES) return ranked.slice(0, 1).map((alert) => ({ ...only(alert), alerts: ranked.map(({ id }) => id) }));
  const [first] = ranked;
  if (!first) return [];
  const names = [...new Set(ranked.map((alert) => alert.runName))];
  const listed = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  return [{ title: `${runs.size} runs need a look`, body: `${listed}. ${first.title}.`, severity: first.severity, run: first.run, step: first.step, alerts: ranked.map(({ id }) => id) }];
}

function only(alert: Alert): Omit<Notice, 'alerts'> {
  return { title: `${alert.runName}: ${lowerFirst(alert.title)}`, body: alert.body, severity: alert.severity, run: alert.run, step: alert.step };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
