/** A command line from its words to its exit code. Only the result goes to stdout. */
import { existsSync } from 'node:fs';
import { readCommand, USAGE, UsageError, type Command } from './commandLine.ts';
import { keepCompiled } from './compiled.ts';
import { databaseIn } from './service/store/file.ts';

/** Runs what follows the program's name. Returns the exit code: 0 done, 2 wrong use, 1 anything else. */
export async function runCommand(args: readonly string[], version: string): Promise<number> {
  // A reader that went away (`| head`) is no error.
  process.stdout.on('error', () => process.exit(0));
  try {
    const command = readCommand(args, process.env, process.cwd());
    if (command.kind === 'version') process.stdout.write(`${version}\n`);
    else if (command.kind === 'help') process.stdout.write(`${USAGE}\n`);
    else await carryOut(command);
    return 0;
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    process.stderr.write(`gapwatch: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function carryOut(command: Exclude<Command, { kind: 'version' | 'help' }>): Promise<void> {
  const dataFolder = command.kind === 'export' && command.folder === null ? command.storedIn : command.dataFolder;
  // Beside the program where that can be written, as Python does: it belongs to the program, and a new or temporary data folder has none.
  // Else with a store, never in a folder that is perhaps no data folder at all.
  if (!keepCompiled(import.meta.dirname) && dataFolder !== null && existsSync(databaseIn(dataFolder))) keepCompiled(dataFolder);
  if (command.kind === 'check') return (await import('./check.ts')).check(command);
  const { exportPoints, ingest } = await import('./commands.ts');
  return command.kind === 'export' ? exportPoints(command) : ingest(command);
}
