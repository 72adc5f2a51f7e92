import { resolve } from 'node:path';
import { defaultDataFolder } from './arguments.ts';

export class UsageError extends Error {}

export type Command =
  | { kind: 'version' }
  | { kind: 'help' }
  | { kind: 'check'; folder: string; json: boolean; dataFolder: string | null }
  | { kind: 'export'; folder: string | null; as: 'jsonl' | 'csv'; dataFolder: string | null; storedIn: string }
  | { kind: 'ingest'; folder: string; json: boolean; dataFolder: string };

/** What can be said to it, in one line. */
export const USAGE = 'use: gapwatch check <folder> [--json] [--data <dir>] | export [<folder>] --jsonl|--csv [--data <dir>] | ingest <folder> [--data <dir>] [--json] | --version | --help';

/** True for the first words that need no window. */
export function isCommand(word: string | undefined): boolean {
  return word === 'check' || word === 'export' || word === 'ingest' || word === '--version' || word === '--help';
}

/**
 * Reads a command line. Throws a UsageError with one line for a wrong one. `dataFolder` is null where a temporary store is meant:
 * `check` and `export` of a folder without `--data` or GAPWATCH_DATA.
 */
export function readCommand(args: readonly string[], environment: NodeJS.ProcessEnv, workingFolder: string): Command {
  const [word, ...rest] = args;
  if (word === '--version' || word === '-v') return { kind: 'version' };
  if (word === '--help' || word === '-h') return { kind: 'help' };
  if (!isCommand(word)) throw new UsageError(word === undefined ? USAGE : `unknown command "${word}"; ${USAGE}`);
  const { folders, flags, data } = split(rest, new Set(word === 'export' ? ['--jsonl', '--csv'] : ['--json']));
  const given = data ?? (environment['GAPWATCH_DATA'] || null);
  const dataFolder = given === null ? null : resolve(workingFolder, given);
  const folder = folders[0] === undefined ? null : resolve(workingFolder, folders[0]);
  if (folders.length > 1) throw new UsageError(`one folder, not ${folders.length}; ${USAGE}`);
  const fallback = dataFolder ?? defaultDataFolder(environment, process.platform);
  if (word === 'export') {
    if (flags.has('--jsonl') === flags.has('--csv')) throw new UsageError('export needs --jsonl or --csv');
    return { kind: 'export', folder, as: flags.has('--jsonl') ? 'jsonl' : 'csv', dataFolder, storedIn: fallback };
  }
  if (folder === null) throw new UsageError(`${word} needs a folder; ${USAGE}`);
  if (word === 'check') return { kind: 'check', folder, json: flags.has('--json'), dataFolder };
  return { kind: 'ingest', folder, json: flags.has('--json'), dataFolder: fallback };
}

function split(args: readonly string[], known: ReadonlySet<string>): { folders: string[]; flags: Set<string>; data: string | null } {
  const folders: string[] = [];
  const flags = new Set<string>();
  let data: string | null = null;
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === '--data') {
      at += 1;
      data = args[at] ?? null;
      if (data === null) throw new UsageError('--data needs a folder');
    } else if (argument.startsWith('--data=')) data = argument.slice('--data='.length);
    else if (known.has(argument)) flags.add(argument);
    else if (argument.startsWith('-')) throw new UsageError(`unknown option ${argument}`);
    else folders.push(argument);
  }
  return { folders, flags, data };
}
