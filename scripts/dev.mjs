// `npm run dev [-- folder]`: Vite serves the window, main and preload are built on every change, and Electron starts
// again when they did. GAPWATCH_DEV_SERVER tells the app where its window is served.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { electronExecutable } from './electron.mjs';
import { ensureApp, withTools } from './setup/index.mjs';
import { hasDisplay, startVirtualDisplay } from './setup/display.mjs';
import { root } from './setup/paths.mjs';
import { runMain, say } from './setup/say.mjs';

await runMain(() => withTools(fileURLToPath(import.meta.url), dev));

async function dev() {
  await ensureApp();
  const { createBuilder, createServer } = await import('vite');
  const configFile = join(root, 'vite.config.ts');
  const server = await createServer({ configFile });
  await server.listen();
  const url = server.resolvedUrls?.local[0] ?? '';
  const display = hasDisplay() ? undefined : await startVirtualDisplay('because there is no display');
  const env = { ...process.env, ...display?.env, GAPWATCH_DEV_SERVER: url };

  const { executable, argsBefore } = electronExecutable();
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let app;
  let restarting = false;
  const start = () => {
    app = spawn(executable, [...argsBefore, ...process.argv.slice(2)], { stdio: 'inherit', env });
    app.once('exit', (code) => {
      if (!restarting) process.exit(code ?? 1);
      restarting = false;
      start();
    });
  };
  const restart = () => {
    if (!app || restarting) return;
    say('main or preload changed: starting Electron again');
    restarting = true;
    app.kill();
  };

  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) {
    process.on(signal, () => {
      app?.kill();
      process.exit(130);
    });
  }

  const builder = await createBuilder({ configFile, build: { watch: {} }, logLevel: 'warn' });
  let timer = setTimeout(() => {}, 0);
  for (const name of ['main', 'service', 'preload']) {
    const environment = builder.environments[name];
    const watcher = environment && (await builder.build(environment));
    if (!watcher || !('on' in watcher)) continue;
    watcher.on('event', (event) => {
      if (event.code === 'ERROR') say(`${name}: ${event.error.message}`);
      if (event.code !== 'END') return;
      clearTimeout(timer);
      timer = setTimeout(restart, 200);
    });
  }
  say(`the window is served at ${url}`);
  // The first build of each watcher ends before Electron is up; only later ones restart it.
  setTimeout(start, 1500);
  await new Promise(() => {});
}
