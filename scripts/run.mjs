// `node scripts/run.mjs <file.ts> [arguments]`: runs a TypeScript file, such as a benchmark, under the bundled Node.
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './setup/build.mjs';
import { bundledNode } from './setup/dependencies.mjs';
import { withTools } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { foreground } from './setup/run.mjs';
import { Problem, runMain } from './setup/say.mjs';

await runMain(() =>
  withTools(fileURLToPath(import.meta.url), async () => {
    const [file, ...args] = process.argv.slice(2);
    if (!file) throw new Problem('no file to run was named', 'node scripts/run.mjs test/bench/run.ts');
    await ensureBuild();
    return foreground(bundledNode(), ['--expose-gc', file, ...args], { cwd: root });
  }),
);
