import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import { ascii } from '../../scripts/ascii.ts';

const work = mkdtempSync(join(tmpdir(), 'gapwatch-ascii-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const SOURCE = `
export const text = 'gap … −0.3 😀';
export const template = (name) => \`<p>\${name} – ½ 训练</p>\`;
export const found = ['训练', 'précision', '😀', 'e'].map((word) => /^(?:训练|pr[eé]cision|😀)$/iu.test(word));
export const größe = { 'ключ': 1, größe: 2 };
`;

test.each([false, true])('a built script has no character beyond ASCII and means the same (minified: %s)', async (minify) => {
  const entry = join(work, 'source.mjs');
  writeFileSync(entry, SOURCE);
  const outDir = join(work, `minified-${minify}`);
  await build({ root: work, configFile: false, logLevel: 'error', plugins: [ascii()], build: { outDir, minify, lib: { entry, formats: ['es'], fileName: () => 'built.mjs' } } });
  const file = join(outDir, 'built.mjs');
  expect(readFileSync(file, 'utf8')).toMatch(/^[\0-\x7f]+$/);
  const [built, source] = (await Promise.all([import(file), import(entry)])) as [Source, Source];
  const { template, ...rest } = source;
  expect(built).toMatchObject(rest);
  expect(built.found).toEqual([true, true, true, false]);
  expect(built.template('ü')).toBe(template('ü'));
});

interface Source {
  template(name: string): string;
  found: boolean[];
}
