// `npm start [-- folder]`: everything from a fresh clone to the open window.
import { mkdirSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronExecutable } from './electron.mjs';
import { hasDisplay, startVirtualDisplay } from './setup/display.mjs';
import { ensureApp, withTools } from './setup/index.mjs';
import { foreground } from './setup/run.mjs';
import { Problem, runMain, say } from './setup/say.mjs';

await runMain(() => withTools(fileURLToPath(import.meta.url), start));

async function start() {
  await ensureApp();
  const { executable, argsBefore, noSandbox, version } = electronExecutable();
  if (noSandbox) say(`starting Electron ${version} with --no-sandbox: ${noSandbox}`);
  const args = [...argsBefore, ...process.argv.slice(2)];
  if (hasDisplay()) return watchEnd(await foreground(executable, args));

  const display = await startVirtualDisplay('because there is no display');
  const screenshot = process.env.GAPWATCH_SCREENSHOT ?? newScreenshotPath();
  say(`there is no display: running on a virtual one (${display.env.DISPLAY}); Ctrl-C ends the app`);
  say(`a screenshot of the first paint goes to ${screenshot}`);
  try {
    // Nobody can mend what Chromium reports about the missing graphics card and session bus of such a machine.
    const env = { ...process.env, ...display.env, GAPWATCH_SCREENSHOT: screenshot };
    return watchEnd(await foreground(executable, ['--log-level=3', ...args], { env }));
  } finally {
    display.stop();
  }
}

/** @param {number} code exit code of Electron, 128 + n after signal n */
function watchEnd(code) {
  const { SIGHUP, SIGINT, SIGTERM } = constants.signals;
  if (code <= 128 || [SIGHUP, SIGINT, SIGTERM].includes(code - 128)) return code;
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  throw new Problem(`Electron was ended by ${signal ?? code}`, 'start it again; if it ends the same way, report it with the lines above');
}

function newScreenshotPath() {
  const folder = join(tmpdir(), 'gapwatch');
  mkdirSync(folder, { recursive: true });
  return join(folder, `first-paint-${process.pid}.png`);
}
