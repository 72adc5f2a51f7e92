/** The anchors: TensorBoard's Python loader and its Rust server, from the Python registry, in a virtual environment of their own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '2.21.0';
const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gapwatch', `tensorboard-${VERSION}`);

export interface TensorBoard {
  python: string;
  tensorboard: string;
  server: string;
}

/** Installs TensorBoard if need be; a sentence saying why not if it cannot be had. */
export function findTensorBoard(): TensorBoard | string {
  try {
    if (!existsSync(join(folder, 'complete'))) install();
    const python = join(folder, 'bin', 'python');
    const lib = readdirSync(join(folder, 'lib')).find((name) => name.startsWith('python')) ?? '';
    const server = join(folder, 'lib', lib, 'site-packages', 'tensorboard_data_server', 'bin', 'server');
    return existsSync(server) ? { python, tensorboard: join(folder, 'bin', 'tensorboard'), server } : 'the Rust server has no wheel for this system';
  } catch (error) {
    return `TensorBoard ${VERSION} could not be installed: ${(error as Error).message.split('\n')[0]}`;
  }
}

function install(): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
  // pkg_resources, which 2.21 still imports, is gone from newer setuptools.
  execFileSync(join(folder, 'bin', 'pip'), ['-q', 'install', `tensorboard==${VERSION}`, 'tensorboard-data-server', 'setuptools<81'], { stdio: 'ignore' });
  execFileSync('touch', [join(folder, 'complete')]);
}

/** CPU seconds (user and system, all threads) that the Rust server needs for one load cycle with every checksum checked. */
export async function rustLoad(server: string, logs: string): Promise<{ cpuSeconds: number; seconds: number }> {
  const started = performance.now();
  const child = spawn(server, ['--logdir', logs, '--port', '0', '--reload', 'once', '--checksum', '--verbose'], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await line(child, 'Finished load cycle');
    return { cpuSeconds: cpuOf(child.pid ?? 0), seconds: (performance.now() - started) / 1000 };
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/**
 * CPU seconds, and seconds by the clock with the start of Python, of a process that loads the same folder to its end with TensorBoard's Python loader, as TensorBoard does without a data
 * server and without TensorFlow: a minute and more for a million scalars. It keeps every scalar, as we do; with TensorBoard's own choice
 * of 1000 a tag it takes as long (83 and 88 s with one run, 92 and 80 s with 500, once each).
 */
export function pythonLoad(python: string, logs: string): { cpuSeconds: number; seconds: number } {
  const started = performance.now();
  const script = `
import sys, time
from tensorboard.backend.event_processing import plugin_event_multiplexer
loader = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={'scalars': 0})
loader.AddRunsFromDirectory(sys.argv[1])
loader.Reload()
print(sum(len(loader.Tensors(run, tag)) for run, tags in loader.Runs().items() for tag in tags['tensors']), time.process_time())
`;
  const [points, cpuSeconds = NaN] = execFileSync(python, ['-c', script, logs], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(' ').map(Number);
  if (points !== 1_000_000) throw new Error(`${points} points instead of a million`);
  return { cpuSeconds, seconds: (performance.now() - started) / 1000 };
}

export interface Served {
  url: string;
  /** Of the web server; the data server is a child of it. */
  pid: number;
  stop(): void;
}

/** Starts TensorBoard as it is installed and waits until it has read the folder: its list of runs and tags no longer grows. */
export async function serveTensorBoard(program: string, logs: string): Promise<Served> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, ['--logdir', logs, '--port', String(port), '--host', '127.0.0.1'], { stdio: 'ignore', detached: true });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  let before = '';
  for (let same = 0; same < 5; ) {
    if (child.exitCode !== null) throw new Error('TensorBoard ended');
    const tags = await fetch(`${url}/data/plugin/scalars/tags`).then((answer) => answer.text()).catch(() => '');
    same = tags.length > 2 && tags === before ? same + 1 : 0;
    before = tags;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return { url, pid: child.pid ?? 0, stop };
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** CPU seconds that a process has used so far, in the kernel's hundredths. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function line(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(word)) resolve();
    });
    child.on('exit', () => reject(new Error(`the server ended: ${text.slice(-300)}`)));
  });
}
