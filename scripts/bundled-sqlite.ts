import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

const root = join(import.meta.dirname, '..');
const lib = join(root, 'node_modules', 'better-sqlite3', 'lib');

/**
 * Puts the scripts of better-sqlite3 into the bundle that is written to `outDir`: finding and reading fifteen small files takes 5 ms of every
 * start. Its binary stays where it is, so the one file that looks for it is told from where.
 */
export function bundledSqlite(outDir: string): Plugin {
  return {
    name: 'bundled-sqlite',
    transform(code, id) {
      if (id !== join(lib, 'binding.js')) return null;
      if (!code.includes('path.join(__dirname,')) throw new Error('better-sqlite3 looks for its binary in another way than it did');
      return { code: code.replaceAll('path.join(__dirname,', `path.join(__dirname, ${JSON.stringify(relative(outDir, lib))},`), map: null };
    },
  };
}
