/** A command line from its words to its exit code. Only the result goes to stdout. */
import { readCommand, UsageError } from './commandLine.ts';
import { check, exportPoints, ingest } from './commands.ts';

/** Runs what follows the program's name. Returns the exit code: 0 done, 2 wrong use, 1 anything else. */
export async function runCommand(args: readonly string[], version: string): Promise<number> {
  try {
    const command = readCommand(args, process.env, process.cwd());
    if (command.kind === 'version') process.stdout.write(`${version}\n`);
    else if (command.kind === 'check') await check(command);
    else if (command.kind === 'export') await exportPoints(command);
    else await ingest(command);
    return 0;
  } catch (error) {
    // A reader that went away (`| head`) is no error.
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    process.stderr.write(`gapwatch: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
