/** The files of a root with their standing: whose turn it is, which grow, which wait for something. */
import type { Format } from '../formats/format.ts';
import type { SourceRow } from '../store/store.ts';
import type { Clock } from '../clock.ts';
import type { Stat } from '../watch/disk.ts';
import type { Progress } from './events.ts';
import { isRunInFile } from './database.ts';
import { newcomer, restore, type Followed } from './followed.ts';
import { looksChanged } from './identity.ts';
import { openQueue, type Queue } from './queue.ts';
import { worthAsking } from './recognise.ts';
import { isSetAside } from './reconcile.ts';

/** A file that changed this recently is looked at every second, whatever the hints say. */
export const ACTIVE_MS = 180_000;
/** A last line without its newline is taken as it is after this long without growth. */
export const IDLE_MS = 2_500;

export interface Collection {
  files: Map<string, Followed>;
  queue: Queue;
  active: Set<Followed>;
  /** Streams with an unfinished record at their end that was not offered yet. */
  unfinished: Set<Followed>;
  /** Files that are not to be tried before their `notBefore`. */
  delayed: Set<Followed>;
  /** Compares a stat with what is known and queues the file if it is worth a look. */
  consider(file: Followed, stat: Stat): void;
  /** Takes over what the store knows of the root. */
  load(rows: SourceRow[], rootPath: string, formatById: (id: string) => Format | null | Promise<Format | null>): Promise<void>;
  /** How much of all files has been read; files of no known format do not count. */
  bytes(): Omit<Progress, 'points'>;
  /** Forgets a file that is no longer followed. */
  drop(file: Followed): void;
  /** Queues files whose waiting time is over. */
  releaseDelayed(): void;
}

/** An empty collection. */
export function openCollection(clock: Clock, isVisible: (file: Followed) => boolean): Collection {
  const files = new Map<string, Followed>();
  const queue = openQueue(isVisible);
  const active = new Set<Followed>();
  const unfinished = new Set<Followed>();
  const delayed = new Set<Followed>();

  function consider(file: Followed, stat: Stat): void {
    const changed = stat.size !== file.size || stat.mtimeMs !== file.mtimeMs || stat.ctimeMs !== file.ctimeMs;
    if (stat.size < file.size) file.sniffed = 0;
    file.size = stat.size;
    file.mtimeMs = stat.mtimeMs;
    file.ctimeMs = stat.ctimeMs;
    const now = clock.steady();
    if (changed) {
      file.changedAt = now;
      file.notBefore = 0;
    }
    if (now - file.changedAt < ACTIVE_MS) active.add(file);
    if (file.format === null ? worthAsking(file) : looksChanged(file.last, stat)) queue.add(file);
  }

  async function load(rows: SourceRow[], rootPath: string, formatById: (id: string) => Format | null | Promise<Format | null>): Promise<void> {
    const formats = new Map<string, Format | null>();
    for (const { format } of rows) if (!formats.has(format)) formats.set(format, await formatById(format));
    const [steady, wall] = [clock.steady(), clock.wall()];
    for (const row of rows) {
      const format = formats.get(row.format);
      if (!format || isRunInFile(row, format) || isSetAside(row)) continue;
      const native = rootPath === '/' ? `/${row.path}` : `${rootPath}/${row.path}`;
      const age = Math.max(0, wall - row.mtimeMs);
      const file = newcomer({ path: row.path, native, stat: { size: row.size, mtimeMs: row.mtimeMs, ctimeMs: 0 } }, steady - age);
      restore(file, row, format);
      files.set(row.path, file);
      if (format.kind === 'stream' && row.offset < row.size && !row.gone) {
        // Reading may have been interrupted here; and whether an unfinished rest was offered before is not known any more.
        file.provisional = true;
        queue.add(file);
      }
    }
  }

  function releaseDelayed(): void {
    const now = clock.steady();
    for (const file of delayed) {
      if (file.notBefore > now) continue;
      delayed.delete(file);
      queue.add(file);
    }
  }

  function drop(file: Followed): void {
    queue.remove(file);
    for (const set of [active, unfinished, delayed]) set.delete(file);
  }

  function bytes(): Omit<Progress, 'points'> {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const file of files.values()) {
      if (file.gone || (file.format === null && file.sniffed > 0)) continue;
      bytesTotal += file.size;
      bytesDone += Math.min(file.size, file.place.offset);
    }
    return { files: files.size, bytesDone, bytesTotal };
  }

  return { files, queue, active, unfinished, delayed, consider, load, bytes, drop, releaseDelayed };
}
