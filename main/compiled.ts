/** Compiled code, kept for the next start: compiling the program anew each time takes longer than reading the first run. */
import module from 'node:module';
import { join } from 'node:path';

/** Node has it from 22.1 on; older runtimes, such as the Electron that tests may have to do with, compile anew. */
const { enableCompileCache, flushCompileCache } = module as Partial<typeof module>;
/** Of `module.constants.compileCacheStatus`: the folder cannot be made. */
const FAILED = 0;

/**
 * Takes modules that are loaded from now on from the compiled code of the last start, and keeps what is new in `folder` when the process
 * ends, or `afterMs` milliseconds from now if that comes first. Returns false where the folder cannot be made, which is no error.
 */
export function keepCompiled(folder: string, afterMs?: number): boolean {
  const kept = enableCompileCache?.(join(folder, 'compiled'));
  if (afterMs !== undefined && flushCompileCache) setTimeout(flushCompileCache, afterMs).unref();
  return kept !== undefined && kept.status !== FAILED;
}
