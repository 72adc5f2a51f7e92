/**
 * A disk behind a worker thread, for network file systems: a call into a mount whose server is gone does not return. It blocks neither this
 * thread nor the thread pool, in which four such calls would stop all asynchronous file work of the process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Answer, Question } from './disk-worker.ts';
import { sibling, type Disk, type Native, type ReadResult, type Stat } from './disk.ts';
import type { Listing } from './listing.ts';

export interface SlowDiskOptions {
  clock: Clock;
  /** Called with true when a call has not been answered for `limitMs`, and with false once it is. */
  onHang(hangs: boolean): void;
  limitMs?: number;
}

interface ReadAnswer {
  stat: Stat;
  lengths: number[];
  buffer: ArrayBuffer;
}

type Asked = { resolve(value: unknown): void; reject(error: Error): void; cancel(): void };
type Wording = Question extends infer Q ? (Q extends Question ? Omit<Q, 'id'> : never) : never;

/** A disk whose calls run in a worker of its own. `file` is the worker's script, see `workerScript`. */
export function slowDisk(file: string, { clock, onHang, limitMs = 3000 }: SlowDiskOptions): Disk {
  const asked = new Map<number, Asked>();
  let worker: Worker | null = null;
  let next = 0;
  let hangs = false;
  let closed = false;

  function open(): Worker {
    // Loading it at each start would delay the first curves, and few have a network drive.
    const threads = process.getBuiltinModule('node:worker_threads');
    const opened = new threads.Worker(file, { name: 'disk' });
    opened.unref();
    opened.on('message', (answer: Answer) => settle(answer));
    opened.on('error', (error) => fail(error));
    return opened;
  }

  function settle({ id, value, error }: Answer): void {
    const question = asked.get(id);
    asked.delete(id);
    question?.cancel();
    if (hangs) {
      hangs = false;
      onHang(false);
    }
    if (error) question?.reject(Object.assign(new Error(error.message), { code: error.code ?? 'EIO' }));
    else question?.resolve(value);
  }

  function fail(error: Error): void {
    worker = null;
    for (const question of asked.values()) {
      question.cancel();
      question.reject(Object.assign(error, { code: 'EIO' }));
    }
    asked.clear();
  }

  function ask(wording: Wording): Promise<unknown> {
    if (closed) return Promise.reject(Object.assign(new Error('the disk was closed'), { code: 'EIO' }));
    worker ??= open();
    const id = (next += 1);
    return new Promise((resolve, reject) => {
      const cancel = clock.after(limitMs, () => {
        if (hangs || !asked.has(id)) return;
        hangs = true;
        onHang(true);
      });
      asked.set(id, { resolve, reject, cancel });
      worker?.postMessage({ id, ...wording });
    });
  }

  async function copy(file: Native): Promise<{ path: string; release(): void }> {
    const folder = mkdtempSync(join(tmpdir(), 'gapwatch-copy-'));
    const release = (): void => rmSync(folder, { recursive: true, force: true });
    const path = join(folder, 'copy.db');
    try {
      await ask({ call: 'copy', from: file, to: path });
      await ask({ call: 'copy', from: sibling(file, '-wal'), to: `${path}-wal` }).catch(() => {});
      return { path, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    held: null,
    stat: async (paths) => (await ask({ call: 'stat', paths })) as (Stat | NodeJS.ErrnoException)[],
    list: async (folder) => (await ask({ call: 'list', folder })) as Listing,
    realpath: async (path) => (await ask({ call: 'realpath', path })) as string,
    async read(file, ranges): Promise<ReadResult> {
      const { stat, lengths, buffer } = (await ask({ call: 'read', file, ranges })) as ReadAnswer;
      let at = 0;
      return { stat, parts: lengths.map((length) => new Uint8Array(buffer, (at += length) - length, length)) };
    },
    localCopy: copy,
    async close() {
      closed = true;
      const ending = worker;
      const busy = asked.size > 0;
      if (busy && !hangs) onHang(true);
      fail(new Error('the disk was closed'));
      // A worker in a call ends only with that call, which may be never: do not wait for it.
      if (busy) void ending?.terminate();
      else await ending?.terminate();
    },
  };
}
