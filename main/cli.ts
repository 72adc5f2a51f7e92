/** `gapwatch check | export | ingest | --version` under Node: the same service without a window. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './terminal.ts';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };

process.stdout.on('error', () => process.exit(0));
process.exitCode = await runCommand(process.argv.slice(2), manifest.version);
