import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { StoreTooNew } from './errors.ts';
import { APPLICATION_ID } from './layout.ts';
import type { Migration } from './migrations/list.ts';

/**
 * Brings the database to the newest version, all steps and `user_version` in one transaction. A file that holds something is copied first,
 * to `<file>.before-<newest version>`. Throws `StoreTooNew` for a file of a newer program. Returns the copy's path or null.
 */
export function migrate(db: Database, file: string, migrations: readonly Migration[]): string | null {
  const version = db.pragma('user_version', { simple: true }) as number;
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) {
    throw new StoreTooNew(
      `${file} was written by a newer version of Gapwatch (format ${version}, this one knows up to ${newest}). It was left as it is: ` +
        'start the newer Gapwatch, or choose another data folder.',
    );
  }
  if (version === newest) return null;
  const copy = version > 0 ? copyOf(db, file, newest) : null;
  db.transaction(() => {
    if (version === 0) db.pragma(`application_id = ${APPLICATION_ID}`);
    for (const step of migrations) if (step.version > version) step.up(db);
    db.pragma(`user_version = ${newest}`);
  }).immediate();
  return copy;
}

function copyOf(db: Database, file: string, newest: number): string {
  const copy = `${file}.before-${newest}`;
  rmSync(copy, { force: true });
  db.prepare('VACUUM INTO ?').run(copy);
  return copy;
}
