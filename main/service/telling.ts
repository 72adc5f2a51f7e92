/** What diagnoses found, on its way to alerts and notifications: not before the folder of the run was read to its end. */
import type { Events, Settings } from '../../preload/contract.ts';
import { gather } from './alerts/gather.ts';
import { findingsOf, type Journal } from './alerts/journal.ts';
import type { Notice } from './alerts/policy.ts';
import type { Clock } from './clock.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import type { Run } from './runs/catalogue.ts';
import { lastByteAt } from './runs/rows.ts';

export interface Telling {
  /** A diagnosis was made. */
  diagnosed(run: Run, diagnosis: Diagnosis): void;
  /** The folder of the run was read; what was found before, because somebody looked, is told now. */
  loaded(run: Run): void;
  /** The run went. */
  forget(key: string): void;
  close(): void;
}

export interface TellingParts {
  clock: Clock;
  journal: Journal;
  settings(): Settings;
  isLoading(rootId: number): boolean;
  nameOf(run: Run): string;
  /** The newest diagnosis of a run. */
  latest(key: string): Diagnosis | null;
  emit<K extends keyof Events>(event: K, payload: Events[K]): void;
  notify(notice: Notice): void;
}

export function openTelling({ clock, journal, settings, isLoading, nameOf, latest, emit, notify }: TellingParts): Telling {
  const untold = new Set<string>();
  const gathering = gather(clock, (runs, findings, hold) => {
    const { alerts, notices, held } = journal.take(findings, settings(), clock.wall(), runs, hold);
    for (const alert of alerts) emit('alert', alert);
    for (const notice of notices) notify(notice);
    return { said: notices.length > 0, held };
  });

  function tell(run: Run, diagnosis: Diagnosis): void {
    gathering.add(run.key, findingsOf({ key: run.key, name: nameOf(run), lastByteAtMs: lastByteAt(run) }, diagnosis));
  }

  return {
    diagnosed(run, diagnosis) {
      if (isLoading(run.rootId)) untold.add(run.key);
      else tell(run, diagnosis);
    },
    loaded(run) {
      const diagnosis = untold.delete(run.key) ? latest(run.key) : null;
      if (diagnosis) tell(run, diagnosis);
    },
    forget: gathering.forget,
    close: gathering.close,
  };
}
