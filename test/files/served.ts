/** The service with a listener for everything it says, without Electron, and a folder of its own for each test that uses it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Banner, Events, Results } from '../../preload/contract.ts';
import type { Notice } from '../../main/service/alerts/policy.ts';
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService, type Service, type ServiceOptions } from '../../main/service/service.ts';

export const EXAMPLES = join(import.meta.dirname, '..', '..', 'main', 'service', 'examples', 'runs');

export interface Served {
  service: Service;
  /** What was said as a notification. */
  notices: Notice[];
  /** The banners as they were last told. */
  banners(): Banner[];
  /** Rows as they were told as changes. */
  changed: Events['changed'][];
  /** Why the service wants to be opened anew. */
  damaged: string[];
  /** An answer as the window gets it. */
  request: ReturnType<typeof openRequests>;
  /** The value of an answer; rejects with the sentence of a failure. */
  ask<K extends keyof Results>(channel: K, ...args: unknown[]): Promise<Results[K]>;
  /** Looks again after each event of the service until there is something: the test's own limit is the limit. */
  eventually<T>(look: () => Promise<T | null> | T | null): Promise<T>;
  close(): Promise<void>;
}

/** Opens the service on a data folder. */
export function openServed(dataFolder: string, over: Partial<ServiceOptions> = {}): Served {
  const listeners = new Set<() => void>();
  const notices: Notice[] = [];
  const changed: Events['changed'][] = [];
  const damaged: string[] = [];
  let banners: Banner[] = [];
  const heard = (): void => listeners.forEach((listener) => listener());
  const service = openService({
    dataFolder,
    version: '0',
    examplesFolder: EXAMPLES,
    nvidiaSmi: '',
    clock: systemClock,
    emit<K extends keyof Events>(event: K, payload: Events[K]) {
      if (event === 'banners') banners = payload as Banner[];
      if (event === 'changed') changed.push(payload as Events['changed']);
      heard();
    },
    notify(notice) {
      notices.push(notice);
      heard();
    },
    onSettings: () => undefined,
    onDamaged(sentence) {
      damaged.push(sentence);
      heard();
    },
    ...over,
  });
  banners = service.banners();
  const request = openRequests(service);
  return {
    service,
    notices,
    changed,
    damaged,
    request,
    banners: () => banners,
    async ask<K extends keyof Results>(channel: K, ...args: unknown[]) {
      const answer = await request(channel, args);
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value as Results[K];
    },
    async eventually(look) {
      for (;;) {
        const woken = new Promise<void>((resolve) => {
          const listener = (): void => {
            listeners.delete(listener);
            resolve();
          };
          listeners.add(listener);
        });
        const found = await look();
        if (found !== null) return found;
        await woken;
      }
    },
    close: () => service.close(),
  };
}

/** The folder of the test that runs, with an empty folder `runs` in it; see `eachInScratch`. */
export let scratch = '';
let opened: Served | null = null;

/** Gives each test of a file a folder of its own. Afterwards the service that was opened in it last is closed and the folder removed. */
export function eachInScratch(): void {
  beforeEach(() => {
    scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-served-')));
    mkdirSync(join(scratch, 'runs'));
  });
  afterEach(async () => {
    await opened?.close();
    opened = null;
    rmSync(scratch, { recursive: true, force: true });
  });
}

/** Opens the service on the data folder of the test. One that the test opened before it closes itself. */
export function open(over: Partial<ServiceOptions> = {}): Served {
  opened = openServed(join(scratch, 'data'), over);
  return opened;
}
