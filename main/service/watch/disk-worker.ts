/** The worker behind slow-disk.ts: answers the questions of `Disk` with synchronous calls. A hung call hangs only this thread. */
import { copyFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { calls, type Native, type Range } from './disk.ts';

export type Question =
  | { id: number; call: 'stat'; paths: readonly Native[] }
  | { id: number; call: 'list'; folder: Native }
  | { id: number; call: 'read'; file: Native; ranges: readonly Range[] }
  | { id: number; call: 'realpath'; path: string }
  | { id: number; call: 'copy'; from: Native; to: string };

export interface Answer {
  id: number;
  value?: unknown;
  error?: { message: string; code: string | undefined };
}

parentPort?.on('message', (question: Question) => {
  try {
    const value = answer(question);
    const moved = value instanceof Object && 'buffer' in value ? [value.buffer as ArrayBuffer] : [];
    parentPort?.postMessage({ id: question.id, value } satisfies Answer, moved);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ id: question.id, error: { message, code } } satisfies Answer);
  }
});

function answer(question: Question): unknown {
  switch (question.call) {
    case 'stat':
      // Errors lose their code on the way; only the code matters here.
      return calls.stat(question.paths).map((stat) => (stat instanceof Error ? { code: stat.code ?? 'EIO', message: stat.message } : stat));
    case 'list':
      return calls.list(question.folder);
    case 'realpath':
      return calls.realpath(question.path);
    case 'copy':
      return copyFileSync(question.from as string, question.to);
    case 'read': {
      const wanted = question.ranges.reduce((sum, range) => sum + range.length, 0);
      const buffer = new ArrayBuffer(wanted);
      const { stat, parts } = calls.read(question.file, question.ranges, new Uint8Array(buffer));
      return { stat, lengths: parts.map((part) => part.length), buffer };
    }
  }
}
