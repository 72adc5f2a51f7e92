/** What is kept by the key of a run, and what becomes of it where a run leaves its files to others. Pure. */
import type { Alert } from './alerts/policy.ts';
import type { KeptRemedy } from './checklist.ts';

export const FLAGS = ['pinned', 'hidden', 'muted-run'] as const;

/** All that is kept of one run: the user's marks, note and checklist, and what was told. */
export interface WordsOnRun {
  flags: (typeof FLAGS)[number][];
  note: string;
  remedies: [string, KeptRemedy][];
  alerts: Alert[];
}

export const SILENT: WordsOnRun = { flags: [], note: '', remedies: [], alerts: [] };

export function isSilent({ flags, note, remedies, alerts }: WordsOnRun): boolean {
  return flags.length === 0 && note === '' && remedies.length === 0 && alerts.length === 0;
}

/**
 * The words of the first heir with those that were left to it. Its own stand; what another heir says already is not said twice. A run that
 * `joins` a visible one is not hidden with it.
 */
export function passedOn(left: WordsOnRun, heirs: readonly WordsOnRun[], { to, joins }: { to: string; joins: boolean }): WordsOnRun {
  const [own = SILENT, ...others] = heirs;
  const flags = left.flags.filter((flag) => !heirs.some((heir) => heir.flags.includes(flag)) && !(joins && flag === 'hidden'));
  const note = unsaid(left.note, others.map((other) => other.note));
  const elsewhere = (id: string): KeptRemedy[] => others.flatMap(({ remedies }) => remedies.flatMap(([other, word]) => (other === id ? [word] : [])));
  const toldElsewhere = (rule: string): boolean => others.some(({ alerts }) => alerts.some((alert) => alert.rule === rule));
  const remedies = new Map(own.remedies);
  for (const [id, word] of left.remedies) {
    const there = remedies.get(id);
    const said = elsewhere(id);
    if (there) remedies.set(id, { ...there, note: together(there.note, unsaid(word.note, said.map((other) => other.note))) });
    else if (said.length === 0) remedies.set(id, word);
  }
  const alerts = new Map(own.alerts.map((alert) => [alert.rule, alert]));
  for (const alert of left.alerts) {
    const there = alerts.get(alert.rule);
    if (there || !toldElsewhere(alert.rule)) alerts.set(alert.rule, { ...(there ? toldOnce(there, alert) : alert), id: `${to}|${alert.rule}`, run: to });
  }
  return { flags: [...own.flags, ...flags], note: together(own.note, note), remedies: [...remedies], alerts: [...alerts.values()] };
}

/** What is left of a text without those that are said elsewhere. */
function unsaid(text: string, elsewhere: readonly string[]): string {
  return elsewhere.reduce((left, other) => (other !== '' && left.includes(other) ? left.replace(other, () => '').trim() : left), text);
}

/** Both texts, the second under the first; one that is part of the other is there already. */
function together(first: string, second: string): string {
  if (first.includes(second)) return first;
  return second.includes(first) ? second : `${first}\n${second}`;
}

/** Two alerts of one rule: told if one of them was, as it was told last. */
function toldOnce(own: Alert, left: Alert): Alert {
  const last = (left.notifiedAtMs ?? -Infinity) > (own.notifiedAtMs ?? -Infinity) ? left : own;
  const feedback = own.feedback === 'none' ? left.feedback : own.feedback;
  return { ...last, times: Math.max(own.times ?? 0, left.times ?? 0), atMs: Math.min(own.atMs, left.atMs), seen: own.seen && left.seen, feedback };
}
