// `npm start [-- folder]`: everything from a fresh clone to the open window.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronExecutable } from './electron.mjs';
import { hasDisplay, startVirtualDisplay } from './setup/display.mjs';
import { ensureApp, withTools } from './setup/index.mjs';
import { foreground } from './setup/run.mjs';
import { runMain, say } from './setup/say.mjs';

await runMain(() => withTools(fileURLToPath(import.meta.url), start));

async function start() {
  await ensureApp();
  const { executable, argsBefore, noSandbox, version } = electronExecutable();
  if (noSandbox) say(`starting Electron ${version} with --no-sandbox: ${noSandbox}`);
  const args = [...argsBefore, ...process.argv.slice(2)];
  if (hasDisplay()) return foreground(executable, args);

  const display = await startVirtualDisplay('because there is no display');
  const screenshot = process.env.GAPWATCH_SCREENSHOT ?? newScreenshotPath();
  say(`there is no display: running on a virtual one (${display.env.DISPLAY}); Ctrl-C ends the app`);
  say(`a screenshot of the first paint goes to ${screenshot}`);
  try {
    // Nobody can mend what Chromium reports about the missing graphics card and session bus of such a machine.
    return await foreground(executable, ['--log-level=3', ...args], {
      env: { ...process.env, ...display.env, GAPWATCH_SCREENSHOT: screenshot },
    });
  } finally {
    display.stop();
  }
}

function newScreenshotPath() {
  const folder = join(tmpdir(), 'gapwatch');
  mkdirSync(folder, { recursive: true });
  return join(folder, `first-paint-${process.pid}.png`);
}
