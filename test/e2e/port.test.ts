/** The port between page and service in the real window: nobody else gets it, it holds to the contract, and it comes back after a kill and a reload. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, privateFolder, type App } from './app.ts';
import { until } from './until.ts';

/** What the page keeps for these tests: every port that it was given, and what came over the newest. */
interface Seen {
  ports: MessagePort[];
  /** What the page itself said into a port, but for what a test said. */
  said: string[];
  answers: Map<number, { ok: boolean; error?: { code: string } }>;
}
declare const window: Window & { seen: Seen };

let scratch: { path: string; remove(): Promise<void> };
let app: App;
let log: string;

beforeEach(async () => {
  scratch = await privateFolder('port');
  log = join(scratch.path, 'runs', 'exp', 'metrics.jsonl');
  mkdirSync(join(scratch.path, 'runs', 'exp'), { recursive: true });
  writeFileSync(log, [0, 1, 2].map(line).join(''));
  app = await launch(join(scratch.path, 'data'), [join(scratch.path, 'runs')]);
  await app.page.addInitScript(watchPorts);
  await app.page.reload();
  await until(async () => (await drawn()) === '2', 'the first points are drawn');
});

afterEach(async () => {
  await app.close();
  await scratch.remove();
});

const line = (step: number): string => `${JSON.stringify({ step, loss: 1 / (step + 1) })}\n`;
const drawn = () => app.page.locator('[data-chart="Loss"]').first().getAttribute('data-last-x', { timeout: 500 }).catch(() => null);
const ports = () => app.page.evaluate(() => window.seen.ports.length);

/** Runs in the page before its own script. */
function watchPorts(): void {
  window.seen = { ports: [], said: [], answers: new Map() };
  const say = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (this: MessagePort, message: { id?: unknown; channel: string } | null) {
    if (message && Number(message.id) > 0) window.seen.said.push(message.channel);
    say.call(this, message);
  };
  addEventListener('message', ({ data, ports: [port] }) => {
    if (data !== 'gapwatch-port' || !port) return;
    window.seen.ports.push(port);
    port.addEventListener('message', ({ data: told }) => {
      if (told.kind === 'answer' && told.id < 0) window.seen.answers.set(told.id, told.answer);
    });
  });
}

/** Says something into the page's port; the answer's error code, or 'ok'. */
async function say(channel: unknown, args: unknown): Promise<string> {
  return app.page.evaluate(
    async ([name, given]) => {
      const id = -1 - window.seen.answers.size;
      window.seen.ports.at(-1)?.postMessage({ id, channel: name, args: given });
      while (!window.seen.answers.has(id)) await new Promise((resolve) => setTimeout(resolve, 5));
      const answer = window.seen.answers.get(id);
      return answer?.ok ? 'ok' : (answer?.error?.code ?? '');
    },
    [channel, args] as const,
  );
}

async function servicePid(): Promise<number> {
  return app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().find((metric) => metric.name === 'Gapwatch service')?.pid ?? 0);
}

test('it carries the contract and nothing else', async () => {
  expect(await ports()).toBe(1);
  expect(await say('settings', [])).toBe('ok');
  expect(await say('removeFolder', ['1'])).toBe('arguments');
  expect(await say('run', [])).toBe('arguments');
  // What needs Electron is main's, and main asks for the sender.
  for (const channel of ['copyText', 'openLink', 'chooseFolder', 'banners', 'connect', 'open', 'close', '__proto__']) expect(await say(channel, ['x'])).toBe('channel');
  await app.page.evaluate(() => {
    for (const noise of [null, 'open', { kind: 'close' }, { kind: 'request', id: 1, channel: 'overview', args: [] }, { id: 'x', channel: 'run', args: 1 }]) window.seen.ports[0]?.postMessage(noise);
  });
  expect(await say('settings', [])).toBe('ok');
});

test('what a start asks is said into it before the page has it', async () => {
  const heard = await app.electron.evaluate(({ ipcMain }) => {
    const through: string[] = [];
    for (const channel of ['run', 'newest', 'settings']) {
      ipcMain.removeHandler(channel);
      ipcMain.handle(channel, () => through.push(channel));
    }
    return (globalThis as unknown as { through: string[] }).through = through;
  });
  expect(heard).toEqual([]);
  await app.page.reload();
  await until(async () => (await app.page.locator('[role="option"]').count()) === 1 && (await drawn()) === '2', 'list and curves are there again');
  expect(await app.electron.evaluate(() => (globalThis as unknown as { through: string[] }).through)).toEqual([]);
  const said = await app.page.evaluate(() => window.seen.said);
  for (const first of ['run', 'newest', 'settings', 'alerts']) expect(said).not.toContain(first);
});

test('a message of the window that only looks like it is not taken for a port', async () => {
  await app.page.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => document.body.setAttribute('data-caught', 'yes');
    // Not from this window itself: the source is missing.
    dispatchEvent(new MessageEvent('message', { data: 'gapwatch-port', origin: 'https://elsewhere.example', ports: [port2] }));
  });
  appendFileSync(log, line(3));
  await until(async () => (await drawn()) === '3', 'the page goes on with its own port');
  expect(await app.page.locator('[data-caught]').count()).toBe(0);
});

test('kill -9 of the service, then a reload: each brings a new port, and curves go on', async () => {
  const pid = await servicePid();
  process.kill(pid, 'SIGKILL');
  appendFileSync(log, line(3));
  await until(async () => (await drawn()) === '3', 'the point that was written meanwhile is drawn');
  await until(async () => (await ports()) === 2, 'a new port has come');
  expect(await say('settings', [])).toBe('ok');
  expect(await servicePid()).not.toBe(pid);
  await app.page.reload();
  await until(async () => (await drawn()) === '3', 'the curve is drawn again');
  appendFileSync(log, line(4));
  await until(async () => (await drawn()) === '4', 'the page that was loaded anew follows');
  expect(await ports()).toBe(1);
  expect(await say('settings', [])).toBe('ok');
});
