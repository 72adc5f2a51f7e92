// `npm run -s gapwatch -- check|export|ingest ...`: the command line on this checkout. Nothing but the result goes to
// stdout. Electron is not needed, and when nothing changed only stamps are looked at before the tool starts.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIsFresh, ensureBuild } from './setup/build.mjs';
import { bundledNode, dependenciesAreFresh } from './setup/dependencies.mjs';
import { withTools } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { foreground } from './setup/run.mjs';
import { runMain } from './setup/say.mjs';

await runMain(async () => {
  if (dependenciesAreFresh() && buildIsFresh()) return tool();
  return withTools(fileURLToPath(import.meta.url), async () => {
    await ensureBuild();
    return tool();
  });
});

function tool() {
  const args = [join(root, 'dist', 'service', 'cli.cjs'), ...process.argv.slice(2)];
  // npm runs scripts in the checkout; relative folders are meant from where the user stands.
  return foreground(bundledNode(), args, { cwd: process.env.INIT_CWD ?? process.cwd() });
}
