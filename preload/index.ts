/** The bridge, built from the contract: one script, no Electron object ever reaches the page. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { isEvent, isRequest } from './channels.ts';
import type { Bridge, Events, PortGreeting, Requests } from './contract.ts';

const GREETING: PortGreeting = 'gapwatch-port';

/** The port to the service as it came from main, until the page's own script is there to take it. */
let port: MessagePort | null = null;
let taken = false;
// Asked for at once: it is there when the page's script is.
const comes = ipcRenderer.invoke('connect') as Promise<boolean>;
ipcRenderer.on('port', (event) => {
  [port = null] = event.ports;
  handOver();
});

/** A port cannot pass the context bridge; a message of the window brings it to the page of our own origin, and to no other. */
function handOver(): void {
  if (!port || !taken) return;
  window.postMessage(GREETING, location.origin, [port]);
  port = null;
}

const bridge: Bridge = {
  request(channel, ...args) {
    if (!isRequest(channel)) return Promise.resolve({ ok: false, error: { code: 'channel', message: `unknown request ${String(channel)}` } });
    return ipcRenderer.invoke(channel, ...(args as Requests[typeof channel]));
  },
  on(event, listener) {
    if (!isEvent(event)) throw new Error(`unknown event ${String(event)}`);
    const heard = (_event: unknown, payload: Events[typeof event]): void => listener(payload);
    ipcRenderer.on(event, heard);
    return () => {
      ipcRenderer.off(event, heard);
    };
  },
  connect() {
    taken = true;
    handOver();
    return comes;
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};

contextBridge.exposeInMainWorld('gapwatch', bridge);
