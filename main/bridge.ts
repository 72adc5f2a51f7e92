/**
 * The main end of the contract: the only file that may import ipcMain. One wrapper checks every message: it comes from the top frame of
 * our own page (security item 17), and its arguments fit the contract's schema. The same check stands before the port to the service.
 */
import { ipcMain, type BrowserWindow, type WebFrameMain } from 'electron';
import type { Answer, AnsweredByMain, Events, Requests, Results } from '../preload/contract.ts';
import { requests } from '../preload/requests.ts';
import { checked, refused } from '../preload/roads.ts';
import { origin } from './protocol.ts';
import type { ServiceHost } from './serviceHost.ts';

export type Handlers = { [K in AnsweredByMain]: (...args: Requests[K]) => Promise<Answer<Results[K]>> };

export interface Bridge {
  /** Lets the window's page open a new port: the other end of its last one died with the service. */
  reconnect(window: BrowserWindow | null): void;
}

/** Registers every channel of the contract: `handlers` are answered here, the rest by the service. */
export function openBridge(handlers: Handlers, service: ServiceHost): Bridge {
  for (const channel of Object.keys(requests) as (keyof Requests)[]) {
    ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Answer<unknown>> => {
      if (!isOurPage(event.senderFrame)) return refused('sender', 'This message does not come from the Gapwatch window.');
      const parsed = checked(channel, args);
      if (!parsed.ok) return parsed;
      try {
        const handler = Object.hasOwn(handlers, channel) ? (handlers[channel as AnsweredByMain] as (...known: unknown[]) => Promise<Answer<unknown>>) : null;
        return await (handler ? handler(...parsed.value) : service.request(channel, parsed.value));
      } catch (error) {
        return refused('internal', error instanceof Error ? error.message : String(error));
      }
    });
  }
  ipcMain.on('connect', ({ senderFrame, ports: [port] }) => {
    if (port && isOurPage(senderFrame)) service.connect(port);
    else port?.close();
  });
  return { reconnect: (window) => void (window && !window.isDestroyed() && window.webContents.send('reconnect')) };
}

/** Sends an event to the page, if there still is one. */
export function sendEvent<K extends keyof Events>(window: BrowserWindow | null, event: K, payload: Events[K]): void {
  if (window && !window.isDestroyed()) window.webContents.send(event, payload);
}

function isOurPage(frame: WebFrameMain | null): frame is WebFrameMain {
  if (!frame || frame.parent !== null) return false;
  const url = URL.parse(frame.url);
  return url !== null && `${url.protocol}//${url.host}` === origin();
}
