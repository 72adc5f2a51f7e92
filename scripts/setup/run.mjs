import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * @typedef {object} Outcome
 * @property {number | null} code exit code, null after a signal
 * @property {NodeJS.Signals | null} signal
 * @property {string} output the end of stdout and stderr together
 */

const keptOutput = 20_000;

/**
 * Runs a command quietly and keeps the end of what it wrote; a command that cannot be started has code 127.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & {limitMs?: number}} [options]
 * @returns {Promise<Outcome>}
 */
export function capture(command, args, { limitMs, ...options } = {}) {
  return new Promise((done) => {
    let output = '';
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = limitMs ? setTimeout(() => child.kill('SIGKILL'), limitMs) : undefined;
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-keptOutput);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => done({ code: 127, signal: null, output: output + error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal, output });
    });
  });
}

/**
 * Runs a command on this terminal and passes Ctrl-C and termination on to it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} the exit code, 128 + n after a signal
 */
export function foreground(command, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    const finish = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on('error', (error) => {
      finish();
      failed(error);
    });
    child.on('close', (code, signal) => {
      finish();
      done(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * @param {string} output
 * @param {number} [lines]
 */
export function tail(output, lines = 8) {
  return output.trim().split('\n').slice(-lines).join('\n');
}
