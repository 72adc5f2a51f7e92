import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const LINE = /^(?:eta:\s*\S+(?: days?, \S+)?\s+)?iter:\s*(\d+)\s+(total_loss:.*)$/;
const PAIR = new RegExp(`(?<![\\w/])([A-Za-z_][\\w/]*):\\s*(${NUM})(M?)(?=\\s|$)`, 'g');

/** Detectron2's `log.txt`: `eta: 0:01:00  iter: 19  total_loss: 1.2  loss_cls: ..  lr: 1e-4  max_mem: 1000M`; medians over 20 iterations. */
export const detectron2Console = consoleFormat({ id: 'detectron2-console', title: 'Detectron2 log.txt', open: openDetectron2 });

export function openDetectron2(): Dialect {
  return {
    line({ text, time }, sink) {
      if (!text.includes('total_loss:')) return false;
      const found = LINE.exec(text);
      if (!found) return false;
      for (const [, name = '', value, mega] of (found[2] as string).matchAll(PAIR)) {
        const hints = /loss/.test(name) ? ({ split: 'train', meaning: 'window-mean' } as const) : mega === 'M' ? { unit: 'MB' } : {};
        put(sink, name, hints, { step: Number(found[1]), time }, toNumber(value));
      }
      return true;
    }
  };
}
