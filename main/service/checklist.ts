/** The remedy checklist of a run: what the diagnosis proposes, what the user made of it, and what it did in the family of the run. */
import type { RemedyItem, RemedyState } from '../../preload/contract.ts';
import { compareFamilies, sameFamily } from './diagnose/families.ts';
import { remediesFor, remedy as remedyById } from './diagnose/remedies.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { startOf } from './runs/axes.ts';
import type { Run } from './runs/catalogue.ts';
import { lastByteAt } from './runs/rows.ts';
import type { Documents } from './store/store.ts';

/** The user's word on a remedy. */
export interface KeptRemedy {
  state: RemedyState;
  note: string;
  changedAtMs: number;
}

export interface Neighbours {
  runs(): readonly Run[];
  diagnosisOf(run: Run): Diagnosis | null;
  nameOf(run: Run): string;
}

/** The list in the order of the diagnosis; what the user touched stays, even if the diagnosis no longer proposes it. */
export function checklist(run: Run, diagnosis: Diagnosis, documents: Documents, neighbours: Neighbours): RemedyItem[] {
  const kept = keptBy(run.key, documents);
  const proposed = remediesFor(diagnosis);
  const touched = [...kept.keys()].filter((id) => !proposed.some((remedy) => remedy.id === id)).flatMap((id) => remedyById(id) ?? []).map((found) => ({ ...found, apt: true }));
  const effects = effectsOn(run, documents, neighbours);
  return [...proposed, ...touched].map(({ id, title, why, apt }) => {
    const own = kept.get(id);
    return { id, title, why, state: own?.state ?? (apt ? 'todo' : 'not-applicable'), note: own?.note ?? '', changedAtMs: own?.changedAtMs ?? null, effect: effects.get(id) ?? null };
  });
}

/** Keeps the user's word on a remedy; a note that is left out stays as it was. */
export function keepRemedy(documents: Documents, run: string, remedy: string, state: RemedyState, note: string | undefined, nowMs: number): void {
  const kept = keptBy(run, documents);
  kept.set(remedy, { state, note: note ?? kept.get(remedy)?.note ?? '', changedAtMs: nowMs });
  documents.set('remedies', run, [...kept]);
}

function keptBy(run: string, documents: Documents): Map<string, KeptRemedy> {
  return new Map(documents.get<[string, KeptRemedy][]>('remedies', run) ?? []);
}

/** What a remedy that was done in an earlier run of the family did to the gap of this one. */
function effectsOn(run: Run, documents: Documents, { runs, diagnosisOf, nameOf }: Neighbours): Map<string, string> {
  const effects = new Map<string, string>();
  const began = beganAt(run);
  const gap = diagnosisOf(run)?.gap ?? null;
  if (run.config.size === 0 || began === null || gap === null) return effects;
  for (const { key } of documents.all('remedies')) {
    const earlier = runs().find((other) => other.key === key && other.key !== run.key && other.rootId === run.rootId);
    const before = earlier ? beganAt(earlier) : null;
    if (!earlier || before === null || before >= began || !sameFamily(earlier.config, run.config)) continue;
    const [sentence] = compareFamilies([
      { name: nameOf(earlier), config: earlier.config, gap: diagnosisOf(earlier)?.gap ?? null },
      { name: nameOf(run), config: run.config, gap },
    ]);
    if (sentence === undefined) continue;
    for (const [id, { state }] of keptBy(key, documents)) if (state === 'done') effects.set(id, sentence);
  }
  return effects;
}

/** Seconds since 1970 of the first point; the newest byte where the log has no times. */
function beganAt(run: Run): number | null {
  const last = lastByteAt(run);
  return startOf(run.series) ?? (last === null ? null : last / 1000);
}
