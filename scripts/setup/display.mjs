import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { ensureCommands } from './system.mjs';
import { Problem } from './say.mjs';

/**
 * @typedef {object} Display
 * @property {Record<string, string>} env what a program needs to find the display
 * @property {() => void} stop
 */

/** Can a window be shown to somebody? */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Starts a virtual display on a number that is free.
 * @param {string} purpose ends the sentence "Xvfb is needed ..."
 * @returns {Promise<Display>}
 */
export async function startVirtualDisplay(purpose) {
  await ensureCommands(['Xvfb'], purpose);
  // In a group of its own, so that Ctrl-C ends the app first and takes its display away afterwards.
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
  const number = await new Promise((done, failed) => {
    let complaint = '';
    server.stderr?.on('data', (chunk) => (complaint += chunk));
    server.stdio[3]?.on('data', (chunk) => done(String(chunk).trim()));
    server.on('error', failed);
    server.on('exit', () => failed(new Problem(`Xvfb ended at once: ${complaint.trim()}`, 'set DISPLAY to a display that works')));
  });
  server.unref();
  // Its stderr stays open, because a later warning written into a closed pipe would end it.
  for (const stream of [server.stderr, server.stdio[3]]) if (stream instanceof Socket) stream.unref();
  const stop = () => void server.kill('SIGTERM');
  process.on('exit', stop);
  return { env: { DISPLAY: `:${number}` }, stop };
}
