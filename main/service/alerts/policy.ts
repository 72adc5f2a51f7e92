/**
 * What is worth telling, once. Pure: findings, settings and what was told before go in, what to record and what to say comes out.
 *
 * Rules of the diagnosis reference, section 6: one notification per run and rule; again only when the severity rises, when another verdict
 * is clearly more probable than the one that was told, or after four hours still firing; three a run at most; several runs at once become
 * one message; muted runs and rules, quiet hours and expected gaps are recorded, not said (silence.ts).
 */
import type { Diagnosis, VerdictKind } from '../diagnose/diagnosis.ts';
import type { Silence } from '../../../preload/alertView.ts';
import { isHistory, RANK, silenceOf } from './silence.ts';

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
  /** Why it was never said; null if it was, or will be with others. */
  silence?: Silence | null;
  /** How often it was said, and with which verdict the last time. */
  times?: number;
  saidVerdict?: VerdictKind | null;
  /** When the finding was gone; null while it is there. */
  resolvedAtMs?: number | null;
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

/** More notifications than this in one look become one. */
const SINGLE_NOTICES = 1;

/** Decides on the findings of one look at one or several runs. `known` holds all alerts so far by id. */
export function decide(
  findings: readonly Finding[],
  known: ReadonlyMap<string, Alert>,
  settings: AlertSettings,
  nowMs: number,
  localMinutes: number,
  hold = false,
): { changed: Alert[]; notices: Notice[]; held: Finding[] } {
  const changed: Alert[] = [];
  const say: Alert[] = [];
  const held: Finding[] = [];
  const spent = spentOn(known);
  for (const finding of findings) {
    const { run, entry } = finding;
    if (entry.severity === 'info' && !entry.expected) continue;
    const before = known.get(alertId(finding));
    const silence = silenceOf(finding, { before, spent: spent.get(run) ?? 0, nowMs, localMinutes }, settings);
    const alert = merged(finding, before, silence, nowMs);
    const aloud = silence === null && (!hold || entry.severity === 'critical');
    if (silence === null && !aloud) held.push(finding);
    const said: Alert = { ...alert, notifiedAtMs: nowMs, times: (alert.times ?? 0) + 1, saidVerdict: entry.verdict?.kind ?? null };
    if (aloud) {
      say.push(said);
      spent.set(run, (spent.get(run) ?? 0) + 1);
    }
    if (aloud || !before || differs(before, alert)) changed.push(aloud ? said : alert);
  }
  return { changed, notices: noticesFor(say), held };
}

/** Alerts of a run whose finding is not there any more, as resolved ones. */
export function resolved(known: ReadonlyMap<string, Alert>, run: string, findings: readonly Finding[], nowMs: number): Alert[] {
  const there = new Set(findings.map(alertId));
  return [...known.values()]
    .filter((alert) => alert.run === run && (alert.resolvedAtMs ?? null) === null && !there.has(alert.id))
    .map((alert) => ({ ...alert, resolvedAtMs: nowMs }));
}

/** How often each run was told of. Several alerts in one message count once each. */
function spentOn(known: ReadonlyMap<string, Alert>): Map<string, number> {
  const spent = new Map<string, number>();
  for (const { run, times, notifiedAtMs } of known.values()) spent.set(run, (spent.get(run) ?? 0) + (times ?? (notifiedAtMs === null ? 0 : 1)));
  return spent;
}

export function alertId(finding: Finding): string {
  return `${finding.run}|${finding.entry.rule}`;
}

function merged(finding: Finding, before: Alert | undefined, silence: Silence | null, nowMs: number): Alert {
  const { run, runName, entry } = finding;
  const said = before?.notifiedAtMs ?? null;
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
    notifiedAtMs: said,
    silence: said === null ? silence : null,
    times: before?.times ?? 0,
    saidVerdict: before?.saidVerdict ?? null,
    resolvedAtMs: null,
    // Whoever opens an archive is not to be met by hundreds of news.
    seen: before?.seen ?? isHistory(finding, nowMs),
    feedback: before?.feedback ?? 'none',
  };
}

function differs(a: Alert, b: Alert): boolean {
  const told = a.title !== b.title || a.body !== b.body || a.severity !== b.severity || a.runName !== b.runName;
  return told || (a.resolvedAtMs ?? null) !== (b.resolvedAtMs ?? null) || (a.silence ?? null) !== (b.silence ?? null);
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
