// `npm run package [-- electron-builder's options]`: installers for this platform in release/.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledNode } from './setup/dependencies.mjs';
import { ensureApp, withTools } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { foreground } from './setup/run.mjs';
import { Problem, runMain } from './setup/say.mjs';

await runMain(() =>
  withTools(fileURLToPath(import.meta.url), async () => {
    const runtime = await ensureApp();
    if (runtime.fallback) {
      throw new Problem(
        `installers are made of the declared Electron only, and this machine could not download it (${runtime.version} stands in)`,
        'run this on a machine with Internet; `npm test -- smoke` checks the packaging here',
      );
    }
    return foreground(bundledNode(), [join(root, 'node_modules/electron-builder/cli.js'), ...process.argv.slice(2)], { cwd: root });
  }),
);
