/**
 * Compiled code, kept for the next start. Node's own cache holds what V8 compiles while a script is loaded; here, what was called until it is
 * kept, too: 700 functions less to compile on the way to the first curves, a fifth of its time.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** The name of a script tells its content, so that what is kept under it is of no other. */
const HASHED = /-[\w-]{8}\.cjs$/;
/** V8 looks at its own version only, and a runtime may have changed more. */
const RUNTIME = `${process.versions['electron'] ?? process.version}-${process.arch}`;
/** Sessions call different functions: those of so many of them are gathered. */
const SESSIONS = 3;

interface Loaded {
  script: Script;
  path: string;
  /** Sessions whose functions are in what was kept. */
  sessions: number;
}

/**
 * Takes the scripts that are required from now on from the compiled code of the last sessions, and keeps what is new in `folder` when the
 * process ends, or `afterMs` milliseconds from now if that comes first (of scripts required later at the end). Returns false where the folder cannot be made, which is no error.
 */
export function keepCompiled(folder: string, afterMs?: number): boolean {
  const kept = join(folder, 'compiled', RUNTIME);
  try {
    mkdirSync(kept, { recursive: true });
  } catch {
    return false;
  }
  let loaded: Loaded[] = [];
  const { extensions } = createRequire(import.meta.filename);
  const load = extensions['.js'];
  extensions['.cjs'] = (module, path) => {
    if (HASHED.test(path)) loaded.push(run(module, path, kept));
    else load(module, path);
  };
  const keep = (): void => {
    const due = loaded.filter(({ sessions }) => sessions < SESSIONS);
    loaded = [];
    for (const one of due) save(one, kept);
    if (due[0]) forget(kept, dirname(due[0].path));
  };
  process.once('exit', keep);
  if (afterMs !== undefined) setTimeout(keep, afterMs).unref();
  return true;
}

/** Runs a script as `require` does, from the compiled code in `kept` if that is whole. */
function run(module: NodeJS.Module, path: string, kept: string): Loaded {
  const { sessions, cachedData } = read(join(kept, basename(path)));
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(path, 'utf8')}\n})`;
  const script = new Script(source, { filename: path, ...(cachedData ? { cachedData } : {}) });
  const body = script.runInThisContext() as (exports: unknown, require: NodeJS.Module['require'], module: NodeJS.Module, path: string, folder: string) => void;
  body(module.exports, (name) => module.require(name), module, path, dirname(path));
  return { script, path, sessions: script.cachedDataRejected ? 0 : sessions };
}

/** V8 does not look whether its data are damaged, and would crash over them. They are written twice: to compare them takes no time, a checksum 2 ms. */
function read(file: string): { sessions: number; cachedData?: Buffer } {
  try {
    const bytes = readFileSync(file);
    const half = (bytes.length - 1) / 2;
    const cachedData = bytes.subarray(0, half);
    if (half > 0 && cachedData.equals(bytes.subarray(half, 2 * half))) return { sessions: bytes.at(-1) ?? 0, cachedData };
  } catch {
    // None was kept.
  }
  return { sessions: 0 };
}

function save({ script, path, sessions }: Loaded, kept: string): void {
  const data = script.createCachedData();
  const file = join(kept, basename(path));
  const part = `${file}.${process.pid}`;
  try {
    writeFileSync(part, Buffer.concat([data, data, Buffer.of(sessions + 1)]));
    renameSync(part, file);
  } catch {
    // A full disk, say: the next start compiles again.
    rmSync(part, { force: true });
  }
}

/** What earlier versions of the runtime and of the program left, or a killed process half written, is of no use to this one, whose scripts lie in `program`. */
function forget(kept: string, program: string): void {
  drop(dirname(kept), (name) => name !== RUNTIME);
  drop(kept, (name) => !existsSync(join(program, name)));
}

function drop(folder: string, isDue: (name: string) => boolean): void {
  try {
    for (const name of readdirSync(folder).filter(isDue)) rmSync(join(folder, name), { recursive: true, force: true });
  } catch {
    // The folder went, or may not be written: it costs space only.
  }
}
