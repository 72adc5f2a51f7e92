/** A script for an empty page, with our charts compiled as in the product. */
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

/** Builds the module at `entry` and everything it imports into one script. */
export async function chartScript(entry: string): Promise<string> {
  const made = await build({
    configFile: false,
    root: join(import.meta.dirname, '../..'),
    logLevel: 'error',
    publicDir: false,
    plugins: [svelte({ configFile: false })],
    build: { write: false, target: 'chrome130', rolldownOptions: { input: entry, output: { format: 'iife' } } },
  });
  const { output } = (Array.isArray(made) ? made[0] : made) as { output: { type: string; code?: string }[] };
  return output.find(({ type }) => type === 'chunk')?.code ?? '';
}
