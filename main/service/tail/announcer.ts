/** What is told about one root, each thing once. */
import type { Clock } from '../clock.ts';
import type { Progress, RootState, TailEvent, Trouble } from './events.ts';
import type { Followed } from './followed.ts';
import { storageSentence } from './storage.ts';

export interface Announcer {
  /** States what is wrong with a path; null ends it. */
  trouble(path: string, text: string | null): void;
  troubles(): Trouble[];
  state(next: RootState, sentence?: string | null): void;
  /** The disk stopped answering, or answers again. */
  hangs(hanging: boolean): void;
  committed(sourceIds: number[], added: number[], points: number): void;
  changed(kind: 'gone' | 'back' | 'moved', files: Followed[]): void;
  /** The store cannot be written; null when it can again. */
  storage(error: Error | null): void;
  progress(progress: Progress): void;
  /** Points committed since the root was opened. */
  readonly points: number;
}

const SILENT = 'This folder does not answer; it may lie on a network drive that is not reachable. It is read on as soon as it answers.';

/** An announcer for a root. */
export function openAnnouncer(rootId: number, clock: Clock, emit: (event: TailEvent) => void): Announcer {
  const troubles = new Map<string, Trouble>();
  let points = 0;
  let told: RootState | null = null;
  let beneath: { state: RootState; sentence: string | null } = { state: 'loading', sentence: null };
  let hanging = false;
  let stopped = false;

  function tell(state: RootState, sentence: string | null): void {
    if (told === state) return;
    told = state;
    emit({ kind: 'root-state', rootId, state, sentence });
  }

  return {
    trouble(path, text) {
      if ((troubles.get(path)?.text ?? null) === text) return;
      if (text === null) troubles.delete(path);
      else troubles.set(path, { rootId, path, text, atMs: clock.wall() });
      emit({ kind: 'problem', rootId, path, text });
    },
    troubles: () => [...troubles.values()],
    state(state, sentence = null) {
      beneath = { state, sentence };
      if (!hanging) tell(state, sentence);
    },
    hangs(now) {
      hanging = now;
      if (now) tell('not-answering', SILENT);
      else tell(beneath.state, beneath.sentence);
    },
    committed(sourceIds, added, count) {
      points += count;
      if (added.length > 0) emit({ kind: 'added', rootId, sourceIds: added });
      if (sourceIds.length > 0) emit({ kind: 'grew', rootId, sourceIds, points: count });
    },
    changed(kind, files) {
      const sourceIds = files.flatMap((file) => (file.source ? [file.source.id] : []));
      if (sourceIds.length > 0) emit({ kind, rootId, sourceIds });
    },
    storage(error) {
      if ((error !== null) === stopped) return;
      stopped = error !== null;
      emit({ kind: 'storage', sentence: error && storageSentence(error) });
    },
    progress: (progress) => emit({ kind: 'progress', rootId, progress }),
    get points() {
      return points;
    },
  };
}
