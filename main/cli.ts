/** `gapwatch check | export | ingest | --version` under Node: the same service without a window. */
import manifest from '../package.json' with { type: 'json' };
import { runCommand } from './terminal.ts';

process.stdout.on('error', () => process.exit(0));
process.exitCode = await runCommand(process.argv.slice(2), manifest.version);
