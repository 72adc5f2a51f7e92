import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { ascii } from './scripts/ascii.ts';
import { bundledSqlite } from './scripts/bundled-sqlite.ts';

const root = import.meta.dirname;
const external = ['electron'];
const service = resolve(root, 'dist/service');

/** The fonts of the first paint are asked for with the page, not once its first text is laid out: else everything is laid out and painted twice. */
const earlyFonts: Plugin = {
  name: 'early-fonts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => /(inter|jetbrains-mono)-latin-wght/.test(file))
        .map((file) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `./${file}`, crossorigin: '' }, injectTo: 'head-prepend' })),
  },
};

// The oldest runtime in use decides the targets: Electron 33 (Chromium 130, Node 20), see scripts/setup/electron.mjs.
export default defineConfig(({ command }) => ({
  root: resolve(root, 'renderer'),
  base: command === 'build' ? './' : '/',
  cacheDir: resolve(root, 'node_modules/.vite'),
  publicDir: false,
  plugins: [svelte({ configFile: false }), earlyFonts, ascii(), bundledSqlite(service)],
  // See there; only Lucide's icons import it under this name.
  resolve: { alias: [{ find: '../Icon.svelte', replacement: resolve(root, 'renderer/ui/Icon.svelte') }] },
  server: { host: '127.0.0.1', port: 5199, strictPort: false },
  builder: {
    // Without this Vite also builds an empty `ssr` environment and stops at the HTML input.
    async buildApp(builder) {
      for (const name of ['client', 'main', 'service', 'preload']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: resolve(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome130',
        // The content security policy allows no inline fonts or styles.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: resolve(root, 'renderer/index.html') },
      },
    },
    main: {
      consumer: 'server',
      resolve: { external, noExternal: true },
      build: {
        outDir: resolve(root, 'dist/main'),
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'node20',
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: { index: resolve(root, 'main/index.ts') },
          // Shared chunks lie beside the entries, so that import.meta.dirname means dist/main in every module.
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    },
    // Scripts, not modules: Node loads them 10 ms sooner, and what they call is kept compiled (main/compiled.ts).
    service: {
      consumer: 'server',
      resolve: { external, noExternal: true },
      build: {
        outDir: service,
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'node20',
        minify: false,
        sourcemap: true,
        rolldownOptions: {
          input: {
            service: resolve(root, 'main/service/start.ts'),
            cli: resolve(root, 'main/cli.ts'),
            terminal: resolve(root, 'main/terminal.ts'),
            'disk-worker': resolve(root, 'main/service/watch/disk-worker.ts'),
            'diagnosis-worker': resolve(root, 'main/service/diagnosisWorker.ts'),
          },
          output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
        },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { external, noExternal: true },
      build: {
        outDir: resolve(root, 'dist/preload'),
        emptyOutDir: true,
        copyPublicDir: false,
        target: 'chrome130',
        minify: false,
        // A sandboxed preload is one plain script: no ESM and no relative require.
        rolldownOptions: {
          input: { index: resolve(root, 'preload/index.ts') },
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  },
}));
