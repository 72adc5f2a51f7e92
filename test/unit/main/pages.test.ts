/** The service's end of a page's port, over a real message channel: the contract is checked there as main checks it. */
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openPages, type PagePort } from '../../../main/service/pages.ts';
import type { Answer, Told } from '../../../preload/contract.ts';

const opened: MessagePort[] = [];
afterEach(() => opened.splice(0).forEach((port) => port.close()));

/** Electron's port says what came as an event with `data`; Node's says it straight. */
function asElectrons(port: MessagePort): PagePort {
  return {
    on: (event: 'message' | 'close', listener: (message: { data: unknown }) => void) => void port.on(event, (data: unknown) => listener({ data })),
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
  };
}

function openPage(answer: (channel: string, args: unknown[]) => Promise<Answer<null>>) {
  const pages = openPages(answer);
  const { port1, port2 } = new MessageChannel();
  opened.push(port1, port2);
  pages.add(asElectrons(port1));
  /** Answers come in the order of the questions: what is asked last tells that everything before was dealt with. */
  const ask = async (message: unknown): Promise<Told> => {
    port2.postMessage(message);
    const [told] = (await once(port2, 'message')) as [Told];
    return told;
  };
  return { pages, page: port2, ask };
}

const done = (): Promise<Answer<null>> => Promise.resolve({ ok: true, value: null });

test('a question that fits the contract is answered under its number', async () => {
  const calls: unknown[] = [];
  const { ask } = openPage((channel, args) => {
    calls.push([channel, args]);
    return done();
  });
  expect(await ask({ id: 7, channel: 'setPinned', args: ['1:a', true] })).toEqual({ kind: 'answer', id: 7, answer: { ok: true, value: null } });
  expect(calls).toEqual([['setPinned', ['1:a', true]]]);
});

test.each([
  ['a channel that is not there', 'shutDown', [], 'channel'],
  ['a name that every object has', '__proto__', [], 'channel'],
  ['a channel of main', 'copyText', ['x'], 'channel'],
  ['arguments that do not fit', 'setPinned', ['1:a', 'yes'], 'arguments'],
  ['too few arguments', 'run', [], 'arguments'],
  ['a field too many', 'curves', [{ run: '1:a', series: [], axis: 'step', pixels: 10, path: '/etc' }], 'arguments'],
  ['a number that is none', 'curves', [{ run: '1:a', series: [], axis: 'step', pixels: NaN }], 'arguments'],
])('%s is refused and does not reach the service', async (_what, channel, args, code) => {
  const { ask } = openPage(() => Promise.reject(new Error('reached')));
  expect(await ask({ id: 1, channel, args })).toMatchObject({ kind: 'answer', id: 1, answer: { ok: false, error: { code } } });
});

test('a service that fails is an answer too', async () => {
  const { ask } = openPage(() => Promise.reject(new Error('disk on fire')));
  expect(await ask({ id: 3, channel: 'settings', args: [] })).toEqual({ kind: 'answer', id: 3, answer: { ok: false, error: { code: 'internal', message: 'disk on fire' } } });
});

test('nothing that can be sent gets through without fitting, and nothing stops the port', async () => {
  const reached: string[] = [];
  const { page, ask } = openPage((channel) => {
    reached.push(channel);
    return done();
  });
  await fc.assert(
    fc.asyncProperty(fc.anything({ withDate: true, withMap: true, withTypedArray: true }), async (message) => {
      try {
        page.postMessage(message);
      } catch {
        // Functions and symbols cannot be sent at all.
      }
    }),
    { numRuns: 300 },
  );
  expect(await ask({ id: 2, channel: 'settings', args: [] })).toMatchObject({ kind: 'answer', id: 2, answer: { ok: true } });
  expect(reached).toEqual(['settings']);
});

test('events go to every page that listens; without one they are given back', async () => {
  const { pages, page } = openPage(done);
  const heard = once(page, 'message');
  expect(pages.tell('theme', 'dark')).toBe(true);
  expect(await heard).toEqual([{ kind: 'event', event: 'theme', payload: 'dark' }]);
  const closed = once(opened[0] as MessagePort, 'close');
  page.close();
  await closed;
  expect(pages.tell('theme', 'dark')).toBe(false);
});
