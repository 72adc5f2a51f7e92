/** `gapwatch check | export | ingest | --version` under Node: the same service without a window. */
import manifest from '../package.json' with { type: 'json' };
import { runCommand } from './terminal.ts';

void runCommand(process.argv.slice(2), manifest.version).then((code) => {
  process.exitCode = code;
});
