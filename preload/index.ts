/** The bridge, built from the contract: one script, no Electron object ever reaches the page. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { isEvent, isRequest } from './channels.ts';
import type { Bridge, Events, PortGreeting, Requests } from './contract.ts';

const GREETING: PortGreeting = 'gapwatch-port';

/** Ports to the service, until the page's own script takes them: one, or two if the service died meanwhile. */
const untaken: MessagePort[] = [];
let taken = false;

openPort();
ipcRenderer.on('reconnect', openPort);

/** Its other end goes through main to the service. Nobody waits for that: what is said into a port before is kept for the other end. */
function openPort(): void {
  const { port1, port2 } = new MessageChannel();
  untaken.push(port1);
  ipcRenderer.postMessage('connect', null, [port2]);
  if (taken) handOver();
}

/** A port cannot pass the context bridge; a message of the window brings it to the page of our own origin, and to no other. */
function handOver(): void {
  for (const port of untaken.splice(0)) window.postMessage(GREETING, location.origin, [port]);
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
  askEarly(question) {
    untaken[0]?.postMessage(question);
    return untaken.length > 0;
  },
  connect() {
    taken = true;
    const comes = untaken.length > 0;
    handOver();
    return comes;
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};

contextBridge.exposeInMainWorld('gapwatch', bridge);
