/** Damaged or unreadable places of the sources. */
import type { Batch } from '../formats/batch.ts';
import type { Statements } from './lazyStatements.ts';
import type { Store } from './store.ts';

/** A file full of rubbish must not fill the database: beyond this the problems of a source are only counted. */
const MOST_OF_SOURCE = 500;

export interface Problems {
  add(sourceId: number, generation: number, batch: Batch, provisional: boolean): void;
  dropAll(sourceId: number): void;
  dropProvisional(sourceId: number): void;
  list: Store['problems'];
}

interface Listed {
  sourceId: number;
  path: string;
  offset: number;
  text: string;
  atMs: number;
}

export function openProblems(db: Statements, now: () => number): Problems {
  const add = db.prepare('INSERT INTO problems (source_id, generation, provisional, "offset", text, at) VALUES (?, ?, ?, ?, ?, ?)');
  const count = db.prepare<[number], number>('SELECT count(*) FROM problems WHERE source_id = ?').pluck();
  const addLeftOut = db.prepare('UPDATE sources SET problems_left_out = problems_left_out + ? WHERE id = ?');
  const noLeftOut = db.prepare('UPDATE sources SET problems_left_out = 0 WHERE id = ?');
  const dropAll = db.prepare('DELETE FROM problems WHERE source_id = ?');
  const dropProvisional = db.prepare('DELETE FROM problems WHERE source_id = ? AND provisional = 1');
  const columns = 's.id AS sourceId, s.path, p."offset", p.text, p.at AS atMs';
  const joined = `FROM problems p JOIN sources s ON s.id = p.source_id AND s.generation = p.generation`;
  const all = db.prepare<[], Listed>(`SELECT ${columns} ${joined} ORDER BY p.id`);
  const ofRoot = db.prepare<[number], Listed>(`SELECT ${columns} ${joined} WHERE s.root_id = ? ORDER BY p.id`);
  const leftOut = db.prepare<[], Listed & { rootId: number; more: number }>(
    `SELECT id AS sourceId, root_id AS rootId, path, "offset", problems_left_out AS more, 0 AS atMs FROM sources
     WHERE problems_left_out > 0 ORDER BY id`,
  );
  return {
    add(sourceId, generation, batch, provisional) {
      if (batch.problems.length === 0 && batch.problemsLeftOut === 0) return;
      const room = Math.max(0, MOST_OF_SOURCE - count.get(sourceId)!);
      const kept = batch.problems.slice(0, room);
      for (const { offset, text } of kept) add.run(sourceId, generation, provisional ? 1 : 0, offset, text, now());
      const more = batch.problems.length - kept.length + batch.problemsLeftOut;
      if (more > 0 && !provisional) addLeftOut.run(more, sourceId);
    },
    dropAll(sourceId) {
      dropAll.run(sourceId);
      noLeftOut.run(sourceId);
    },
    dropProvisional: (sourceId) => void dropProvisional.run(sourceId),
    list(rootId) {
      const listed = rootId === undefined ? all.all() : ofRoot.all(rootId);
      for (const { more, rootId: root, ...row } of leftOut.all()) {
        if (rootId !== undefined && root !== rootId) continue;
        listed.push({ ...row, atMs: now(), text: `${more} more ${more === 1 ? 'problem' : 'problems'} in this file` });
      }
      return listed;
    },
  };
}
