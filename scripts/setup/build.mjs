import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundledNode } from './dependencies.mjs';
import { hash, readStamp, removeStamp, root, writeStamp } from './paths.mjs';
import { capture, tail } from './run.mjs';
import { Problem, step } from './say.mjs';

const sources = ['main', 'preload', 'renderer', 'vite.config.ts', 'scripts/ascii.ts', 'scripts/bundled-sqlite.ts', 'package.json', 'package-lock.json'];
const results = ['dist/main/index.js', 'dist/service/service.cjs', 'dist/service/cli.cjs', 'dist/preload/index.cjs', 'dist/renderer/index.html'];

/** dist was built from the sources as they are now, by their names, sizes and times. */
export function buildIsFresh() {
  return readStamp('build') === fingerprint() && results.every((file) => existsSync(join(root, file)));
}

/** Builds dist when a source changed since the last build. */
export async function ensureBuild() {
  if (buildIsFresh()) return;
  // Taken before the build: what is saved meanwhile is built the next time.
  const built = fingerprint();
  removeStamp('build');
  await step('building the app', async () => {
    const { code, output } = await capture(bundledNode(), [viteCli, 'build', '--app', '--logLevel', 'warn'], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
    });
    if (code !== 0)
      throw new Problem(`the build failed:\n${tail(output, 30)}`, 'mend what the lines above name, then run the command again');
  });
  writeStamp('build', built);
}

const viteCli = join(root, 'node_modules', 'vite', 'bin', 'vite.js');

function fingerprint() {
  /** @type {string[]} */
  const seen = [];
  const visit = (/** @type {string} */ path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    else seen.push(`${path} ${stat.size} ${stat.mtimeMs}`);
  };
  sources.forEach(visit);
  return hash(seen.join('\n'));
}
