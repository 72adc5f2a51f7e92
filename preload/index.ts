/** The bridge, built from the contract: one script, no Electron object ever reaches the page. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { events, requests, type Bridge, type Events, type Requests } from './contract.ts';

const bridge: Bridge = {
  request(channel, ...args) {
    if (!Object.hasOwn(requests, channel)) return Promise.resolve({ ok: false, error: { code: 'channel', message: `unknown request ${channel}` } });
    return ipcRenderer.invoke(channel, ...(args as Requests[typeof channel]));
  },
  on(event, listener) {
    if (!events.includes(event)) throw new Error(`unknown event ${event}`);
    const heard = (_event: unknown, payload: Events[typeof event]): void => listener(payload);
    ipcRenderer.on(event, heard);
    return () => {
      ipcRenderer.off(event, heard);
    };
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
};

contextBridge.exposeInMainWorld('gapwatch', bridge);
