import type { SeriesHints, Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Axes, type Dialect } from './dialect.ts';

const EPOCH = /^Epoch(?:\((train|val|test)\))?\s*\[\s*(\d+)\]\s*\[\s*(\d+)(?:\/\s*(\d+))?\]\s*(.*)$/;
const ITER = /^Iter(?:\((train|val|test)\))?\s*\[\s*(\d+)\/\s*(\d+)\]\s*(.*)$/;
const PAIR = new RegExp(`(?<![\\w/.@-])([A-Za-z][\\w/.@-]*):\\s*(${NUM})(?=[\\s,]|$)`, 'g');
const SKIPPED = /^(eta|epoch|iter)$/;

/**
 * The text logs of mmengine (`Epoch(train) [1][ 50/500] lr: .. loss: F`) and mmcv (`Epoch [1][50/500]\tlr: .., loss: F`). The step
 * is (epoch - 1) x iterations + iteration, all three printed; training losses are means over the logging interval.
 */
export const mmConsole = consoleFormat({ id: 'mm-console', title: 'mmengine and mmcv text log', open: openMm });

export function openMm(saved?: unknown): Dialect {
  let step = typeof saved === 'number' ? saved : NaN;
  return {
    line({ text, time }, sink) {
      const epochs = EPOCH.exec(text);
      if (epochs) {
        const split = (epochs[1] ?? 'train') as 'train' | 'val' | 'test';
        const epoch = Number(epochs[2]);
        if (split === 'train') step = epochs[4] === undefined ? NaN : (epoch - 1) * Number(epochs[4]) + Number(epochs[3]);
        return addPairs(epochs[5] as string, split, split === 'train' ? { step, epoch, time } : { epoch, time }, sink);
      }
      const iters = ITER.exec(text);
      if (!iters) return false;
      const split = (iters[1] ?? 'train') as 'train' | 'val' | 'test';
      if (split === 'train') {
        step = Number(iters[2]);
        sink.fact('planSteps', Number(iters[3]));
      }
      return addPairs(iters[4] as string, split, { step, time }, sink);
    },
    save: () => (Number.isNaN(step) ? null : step)
  };
}

/** A validation line without results is one of progress: it is understood and gives no point. */
function addPairs(text: string, split: 'train' | 'val' | 'test', axes: Axes, sink: Sink): boolean {
  for (const [, name = '', value] of text.matchAll(PAIR)) {
    if (SKIPPED.test(name) || (split !== 'train' && /^(time|data_time|memory)$/.test(name))) continue;
    put(sink, name, hintsOf(name, split), axes, toNumber(value));
  }
  return true;
}

function hintsOf(name: string, split: 'train' | 'val' | 'test'): SeriesHints {
  if (name === 'memory') return { unit: 'MiB' };
  if (/time$/.test(name)) return { unit: 's' };
  return split === 'train' && /loss/.test(name) ? { split, meaning: 'window-mean' } : { split };
}
