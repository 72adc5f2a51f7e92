import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const LINE = new RegExp(`^(\\d+): (${NUM}), (${NUM}) avg(?: loss)?, (${NUM}) rate, (${NUM}) seconds, (\\d+) images`);
const MAP = new RegExp(`mean average precision \\(mAP@(0\\.\\d+)\\) = (${NUM})|mean_average_precision \\(mAP@(0\\.\\d+)\\) = (${NUM})`);

/** Darknet: `N: L, A avg loss, R rate, S seconds, I images`: L one batch, A the running average (formats reference 2.17). */
export const darknet = consoleFormat({ id: 'darknet', title: 'Darknet console', open: openDarknet });

export function openDarknet(saved?: unknown): Dialect {
  let step = typeof saved === 'number' ? saved : NaN;
  return {
    line({ text, time }, sink) {
      const found = LINE.exec(text);
      if (found) {
        step = Number(found[1]);
        put(sink, 'loss', { split: 'train', meaning: 'batch' }, { step, time }, toNumber(found[2]));
        put(sink, 'avg loss', { split: 'train', meaning: 'smoothed' }, { step, time }, toNumber(found[3]));
        put(sink, 'rate', { metric: 'lr' }, { step, time }, toNumber(found[4]));
        return true;
      }
      const map = MAP.exec(text);
      if (!map || Number.isNaN(step)) return false;
      put(sink, `mAP@${map[1] ?? (map[3] as string)}`, { split: 'val' }, { step, time }, toNumber(map[2] ?? map[4]));
      return true;
    },
    save: () => (Number.isNaN(step) ? null : step)
  };
}
