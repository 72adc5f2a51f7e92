/** Compiled code, kept in the data folder: compiling a megabyte anew at each start takes longer than reading the first run. */
import module from 'node:module';
import { join } from 'node:path';

/** Node has it from 22.1 on; older runtimes, such as the Electron that tests may have to do with, compile anew. */
const { enableCompileCache, flushCompileCache } = module as Partial<typeof module>;

/**
 * Takes modules that are loaded from now on from the compiled code of the last start, and keeps what is new when the process ends, or
 * `afterMs` milliseconds from now if that comes first. A folder that cannot be written is no error.
 */
export function keepCompiled(dataFolder: string, afterMs?: number): void {
  enableCompileCache?.(join(dataFolder, 'compiled'));
  if (afterMs !== undefined && flushCompileCache) setTimeout(flushCompileCache, afterMs).unref();
}
