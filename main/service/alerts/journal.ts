/** Alerts as they are kept: every one ever raised, with what became of it. The policy decides, this remembers. */
import type { AlertView, Settings } from '../../../preload/contract.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { Documents } from '../store/store.ts';
import { decide, resolved, type Alert, type AlertSettings, type Finding, type Notice } from './policy.ts';

export interface Journal {
  /**
   * Takes in what the diagnoses of `runs` found worth telling; their other alerts are over. Returns new or changed alerts, what is to be
   * said aloud, and, with `hold`, what is to be said later.
   */
  take(
    findings: readonly Finding[],
    settings: Settings,
    nowMs: number,
    runs?: readonly string[],
    hold?: boolean,
  ): { alerts: AlertView[]; notices: Notice[]; held: Finding[] };
  list(): AlertView[];
  unseen(): number;
  markSeen(): void;
  feedback(id: string, word: Alert['feedback']): void;
  mute(what: { run?: string | undefined; rule?: string | undefined; muted: boolean }): void;
  isMuted(run: string): boolean;
  /** Ids of the rules that are muted. */
  mutedRules(): string[];
  /** Reads everything anew: runs have other keys. */
  reload(): void;
}

export function openJournal(documents: Documents): Journal {
  const alerts = (): Map<string, Alert> => new Map(documents.all<Alert>('alert').map(({ key, value }) => [key, value]));
  const runs = (): Set<string> => new Set(documents.all<boolean>('muted-run').map(({ key }) => key));
  let known = alerts();
  let mutedRuns = runs();
  const mutedRules = new Set(documents.all<boolean>('muted-rule').map(({ key }) => key));

  function keep(alert: Alert): void {
    known.set(alert.id, alert);
    documents.set('alert', alert.id, alert);
  }

  return {
    take(findings, settings, nowMs, of = [], hold = false) {
      const policy: AlertSettings = { ...settings, mutedRuns, mutedRules };
      const over = of.flatMap((run) => resolved(known, run, findings, nowMs));
      const { changed, notices, held } = decide(findings, known, policy, nowMs, localMinutes(nowMs), hold);
      for (const alert of [...over, ...changed]) keep(alert);
      return { alerts: [...over, ...changed].map(view), notices, held };
    },
    list: () => [...known.values()].sort((a, b) => b.atMs - a.atMs).map(view),
    unseen: () => [...known.values()].filter((alert) => !alert.seen && alert.severity !== 'info').length,
    markSeen() {
      for (const alert of known.values()) if (!alert.seen) keep({ ...alert, seen: true });
    },
    feedback(id, word) {
      const alert = known.get(id);
      if (alert) keep({ ...alert, feedback: word });
    },
    mute({ run, rule, muted }) {
      if (run !== undefined) remember('muted-run', mutedRuns, run, muted);
      if (rule !== undefined) remember('muted-rule', mutedRules, rule, muted);
    },
    isMuted: (run) => mutedRuns.has(run),
    mutedRules: () => [...mutedRules].sort(),
    reload() {
      known = alerts();
      mutedRuns = runs();
    },
  };

  function remember(kind: string, set: Set<string>, key: string, muted: boolean): void {
    if (muted) {
      set.add(key);
      documents.set(kind, key, true);
    } else {
      set.delete(key);
      documents.delete(kind, key);
    }
  }
}

/** The findings of a run's diagnosis, for the policy. */
export function findingsOf(run: { key: string; name: string; lastByteAtMs: number | null }, diagnosis: Diagnosis): Finding[] {
  return diagnosis.notify.map((entry) => ({ run: run.key, runName: run.name, lastByteAtMs: run.lastByteAtMs, entry }));
}

function view({ id, atMs, run, runName, rule, severity, title, body, step, seen, feedback, notifiedAtMs, silence, resolvedAtMs }: Alert): AlertView {
  const over = (resolvedAtMs ?? null) !== null;
  return { id, atMs, run, runName, rule, severity, title, body, step, seen, feedback, notified: notifiedAtMs !== null, silence: silence ?? null, over };
}

function localMinutes(nowMs: number): number {
  const now = new Date(nowMs);
  return now.getHours() * 60 + now.getMinutes();
}
