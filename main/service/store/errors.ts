/** What can go wrong with the store, as types that the rest of the service can tell apart. */

/** The disk is full. Nothing of the transaction was written; the same commit succeeds once there is room again. */
export class StoreFull extends Error {
  override name = 'StoreFull';
}

/** The database cannot be written (read-only file system, missing rights). Reading goes on. */
export class StoreReadOnly extends Error {
  override name = 'StoreReadOnly';
}

/** The database file is damaged. At the next `openStore` it is checked, set aside and rebuilt. */
export class StoreDamaged extends Error {
  override name = 'StoreDamaged';
}

/** The database was written by a newer Gapwatch; it is left untouched. */
export class StoreTooNew extends Error {
  override name = 'StoreTooNew';
}

/** Another process holds the database. */
export class StoreBusy extends Error {
  override name = 'StoreBusy';
}

/** The result code of an error of SQLite, '' for any other error. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** True for what the database said: it failed, not the program. */
export function isOfDatabase(error: unknown): boolean {
  return codeOf(error) !== '' || [StoreFull, StoreReadOnly, StoreDamaged, StoreBusy].some((kind) => error instanceof kind);
}

/** True for codes that say that the file is not, or no longer, a sound database. */
export function saysDamaged(code: string): boolean {
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB');
}

/** The typed error for an error of SQLite; any other error comes back as it is. */
export function typedError(error: unknown): unknown {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  // Without room for its shared-memory index a WAL database reports an I/O error instead of SQLITE_FULL.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return new StoreFull(`The disk is full: ${text}`, { cause: error });
  if (code.startsWith('SQLITE_READONLY')) return new StoreReadOnly(`The database is read-only: ${text}`, { cause: error });
  if (saysDamaged(code)) return new StoreDamaged(`The database is damaged: ${text}`, { cause: error });
  if (code.startsWith('SQLITE_BUSY')) return new StoreBusy(`Another process uses the database: ${text}`, { cause: error });
  return error;
}
