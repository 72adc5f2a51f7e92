import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

// Who may import what. A file gets the rules of the last block that names it, so each block repeats what it inherits.
const electron = {
  regex: '^electron$|^electron/',
  message: 'The service runs without Electron: in a utility process, in the CLI and in tests.',
};
const ipcMain = { regex: '^electron$', importNames: ['ipcMain'], message: 'Only main/bridge.ts talks to the window.' };
const upwards = (/** @type {number} */ levels) => ({
  regex: `^(\\.\\./){${levels}}`,
  allowTypeImports: true,
  message: 'Diagnosis is pure functions: it uses nothing outside its folder but types.',
});
const packages = { regex: '^[^.]', message: 'Diagnosis is pure functions: no packages and no node modules.' };
const files = {
  regex: '^(node:)?fs(/|$)|^better-sqlite3',
  message: 'A format turns bytes into points; reading files and storing is not its business.',
};

const boundaries = [
  { files: ['main/**'], not: [ipcMain] },
  { files: ['main/bridge.ts'], not: [] },
  { files: ['main/service/**', 'main/cli.ts', 'main/cli/**'], not: [electron] },
  { files: ['main/service/formats/**'], not: [electron, files] },
  { files: ['main/service/diagnose/*'], not: [packages, upwards(1)] },
  { files: ['main/service/diagnose/*/**'], not: [packages, upwards(2)] },
  {
    files: ['renderer/**'],
    not: [
      { regex: '^electron|^node:', message: 'The window is sandboxed: it has only what the bridge gives it.' },
      {
        regex: '(^|/)preload/contract\\.ts$',
        allowTypeImports: true,
        message: 'The window may import the types of preload/contract.ts only.',
      },
      { regex: '(^|/)main/', message: 'The window may import the types of preload/contract.ts only.' },
      { regex: '(^|/)preload/(?!contract\\.ts$)', message: 'The window may import the types of preload/contract.ts only.' },
    ],
  },
  {
    files: ['preload/**'],
    not: [{ regex: '^(?!electron$|valibot$|\\./)', message: 'The preload is the contract and the bridge, nothing else.' }],
  },
  {
    files: ['preload/index.ts', 'preload/channels.ts'],
    not: [{ regex: '^(?!electron$|\\./channels\\.ts$)', allowTypeImports: true, message: 'This runs before the page does: names only, no schemas.' }],
  },
  {
    files: ['preload/*View.ts'],
    not: [{ regex: '^', allowTypeImports: true, message: 'What the window sees is types.' }],
  },
];

export default defineConfig(
  { ignores: ['dist/', 'release/', 'test-results/', 'node_modules/', 'test/fixtures/', '**/*.d.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: globals.node },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // TypeScript knows every name; this rule does not know types.
      'no-undef': 'off',
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // It also objects to maps and sets that no view depends on.
      'svelte/prefer-svelte-reactivity': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['renderer/**'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ['**/*.svelte'], rules: { 'svelte/no-at-html-tags': 'error', 'prefer-const': 'off', 'svelte/prefer-const': 'error' } },
  ...boundaries.map(({ files, not }) => ({
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': /** @type {import('eslint').Linter.RuleEntry} */ (['error', { patterns: not }]),
    },
  })),
  // Time and chance come in as arguments, so that every diagnosis can be repeated.
  {
    files: ['main/service/diagnose/**'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'performance', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pass the time in.' },
        { object: 'Math', property: 'random', message: 'Pass a generator in.' },
      ],
    },
  },
  { files: ['renderer/**'], rules: { 'no-restricted-globals': ['error', 'process', 'Buffer', 'require', '__dirname'] } },
);
