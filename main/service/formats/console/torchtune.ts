import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const LINE = /^Step (\d+) \| (.+)$/;
const PAIR = new RegExp(`(?<!\\S)(\\S+?):(${NUM})(?=\\s|$)`, 'g');

/** torchtune's DiskLogger, `log_<time>.txt`: `Step N | name:value name:value` (formats reference 2.10). `loss` is that of one step. */
export const torchtune = consoleFormat({ id: 'torchtune', title: 'torchtune DiskLogger', open: openTorchtune });

export function openTorchtune(): Dialect {
  return {
    line({ text, time }, sink) {
      const found = LINE.exec(text);
      if (!found) return false;
      let any = false;
      for (const [, name = '', value] of (found[2] as string).matchAll(PAIR)) {
        put(sink, name, name === 'loss' ? { split: 'train', meaning: 'batch' } : {}, { step: Number(found[1]), time }, toNumber(value));
        any = true;
      }
      return any;
    }
  };
}
