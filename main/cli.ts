/** `gapwatch check | export | ingest | --version`: the same service without a window. Only the result goes to stdout. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, UsageError } from './commandLine.ts';
import { check, exportPoints, ingest } from './commands.ts';

/** Runs a command line (what follows the program's name) and returns the exit code: 0 done, 2 wrong use, 1 anything else. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const command = readCommand(args, process.env, process.cwd());
    if (command.kind === 'version') process.stdout.write(`${version()}\n`);
    else if (command.kind === 'check') await check(command);
    else if (command.kind === 'export') await exportPoints(command);
    else await ingest(command);
    return 0;
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') return 0;
    process.stderr.write(`gapwatch: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

if (process.argv[1] !== undefined && import.meta.filename === process.argv[1]) {
  // A reader that went away (`| head`) is no error.
  process.stdout.on('error', () => process.exit(0));
  process.exitCode = await run(process.argv.slice(2));
}
