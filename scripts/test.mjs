// `npm test [-- stages]`: all checks on a machine that may have nothing yet. Ends with the sum of all tests.
import { fileURLToPath } from 'node:url';
import { withTools } from './setup/index.mjs';
import { runMain } from './setup/say.mjs';

await runMain(() =>
  withTools(fileURLToPath(import.meta.url), async () => {
    const { runStages } = await import('./test-stages.mjs');
    return runStages(process.argv.slice(2));
  }),
);
