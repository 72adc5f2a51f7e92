import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const EPOCH = /^Epoch (\d+)\/(\d+)$/;
// Keras 3 draws a bar of U+2501, Keras 2 one in brackets; verbose=2 draws none.
const BAR = /^(\d+)\/(\d+) (?:[━╸╺─]+|\[[=>.\s]*\]|-)\s*(.*)$/;
const PAIR = new RegExp(`(?<![\\w./])([A-Za-z_][\\w./]*): (${NUM})(?= - |\\s*$)`, 'g');

/**
 * Keras' progress bar and its one line per epoch (`verbose=2`): `Epoch 3/10`, then `469/469 ... - loss: 0.3 - val_loss: 0.29`.
 * Only the finished bar counts; its training values are means over the epoch. The epoch is the printed one, from 1.
 */
export const kerasConsole = consoleFormat({ id: 'keras-console', title: 'Keras console (progress bars)', open: openKeras });

export function openKeras(saved?: unknown): Dialect {
  const before = saved as { epoch: number; seen: string[] } | null | undefined;
  let epoch = before?.epoch ?? 0;
  let seen = new Set(before?.seen);
  return {
    line({ text, final, time }, sink) {
      const begun = EPOCH.exec(text);
      if (begun) {
        epoch = Number(begun[1]);
        seen = new Set();
        sink.fact('planEpochs', Number(begun[2]));
        // Other loops print such a line too: it is left for them to see.
        return false;
      }
      if (epoch === 0) return false;
      const bar = BAR.exec(text);
      if (!bar) return false;
      // The full bar is printed twice when validation follows: what came first stands, the validation is added.
      if (!final || bar[1] !== bar[2]) return true;
      for (const [, name = '', value] of (bar[3] as string).matchAll(PAIR)) {
        if (seen.has(name)) continue;
        seen.add(name);
        const split = name.startsWith('val_') ? 'val' : 'train';
        put(sink, name, { split, axis: 'epoch', ...(split === 'train' ? { meaning: 'epoch-mean' } : {}) }, { epoch, time }, toNumber(value));
      }
      return true;
    },
    save: () => ({ epoch, seen: [...seen].slice(0, 64) })
  };
}
