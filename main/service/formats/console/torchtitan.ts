import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const STEP = new RegExp(`^(validate )?step:\\s*(\\d+)\\s+(?=\\S+?:\\s*${NUM})(.*)$`);
const PAIR = new RegExp(`(?<![a-z_/])([a-z_/]+):\\s*(${NUM})([A-Za-z%/]*)`, 'g');

/** torchtitan: `step: N  loss: F  grad_norm: F  memory: FGiB(F%)  tps: N,NNN ...` and `validate step: N  loss: F` (formats reference 2.10). */
export const torchtitan = consoleFormat({ id: 'torchtitan', title: 'torchtitan console', open: openTorchtitan });

export function openTorchtitan(): Dialect {
  return {
    line({ text, time }, sink) {
      if (!text.startsWith('step:') && !text.startsWith('validate step:')) return false;
      const found = STEP.exec(text);
      if (!found || !/(^|\s)loss:/.test(found[3] as string)) return false;
      const axes = { step: Number(found[2]), time };
      const split = found[1] === undefined ? 'train' : 'val';
      for (const [, name = '', value, unit = ''] of (found[3] as string).matchAll(PAIR)) {
        put(sink, name, { split, ...(name === 'loss' && split === 'train' ? { meaning: 'batch' } : {}), ...(unit === '' ? {} : { unit }) }, axes, toNumber(value));
      }
      return true;
    }
  };
}
