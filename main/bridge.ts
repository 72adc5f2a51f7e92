/**
 * The main end of the contract: the only file that may import ipcMain. One wrapper checks every message: it comes from the top frame of
 * our own page (security item 17), and its arguments fit the contract's schema.
 */
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import { requests, type Answer, type Events, type Requests, type Results } from '../preload/contract.ts';
import { origin } from './protocol.ts';

export type Handlers = { [K in keyof Requests]?: (...args: Requests[K]) => Promise<Answer<Results[K]>> };

/** Registers every channel of the contract. `handlers` are answered here, the rest by `otherwise`. */
export function openBridge(handlers: Handlers, otherwise: (channel: string, args: unknown[]) => Promise<Answer<unknown>>): void {
  for (const channel of Object.keys(requests) as (keyof Requests)[]) {
    ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<Answer<unknown>> => {
      if (!isOurPage(event)) return refused('sender', 'This message does not come from the Gapwatch window.');
      const parsed = v.safeParse(requests[channel], args);
      if (!parsed.success) return refused('arguments', `${channel}: ${parsed.issues[0].message}`);
      try {
        const handler = handlers[channel] as ((...known: unknown[]) => Promise<Answer<unknown>>) | undefined;
        return await (handler ? handler(...parsed.output) : otherwise(channel, parsed.output));
      } catch (error) {
        return refused('internal', error instanceof Error ? error.message : String(error));
      }
    });
  }
}

/** Sends an event to the page, if there still is one. */
export function sendEvent<K extends keyof Events>(window: BrowserWindow | null, event: K, payload: Events[K]): void {
  if (window && !window.isDestroyed()) window.webContents.send(event, payload);
}

function isOurPage(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  if (!frame || frame.parent !== null) return false;
  const url = URL.parse(frame.url);
  return url !== null && `${url.protocol}//${url.host}` === origin();
}

function refused(code: string, message: string): Answer<never> {
  return { ok: false, error: { code, message } };
}
