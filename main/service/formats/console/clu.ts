import { addConfig } from '../config-values.ts';
import { pythonLiteral } from '../python-literals.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const LINE = new RegExp(`^\\[(\\d+)\\] (?:([\\w-]+): )?([\\w./-]+=(?:${NUM})(?:, .*)?)$`);
const PAIR = new RegExp(`([\\w./-]+)=(${NUM})(?=, |$)`, 'g');

/** CLU, the logging writer of JAX projects: `[100] accuracy=0.98, loss=0.1`; its collection, if any, is a prefix (formats reference 2.16). */
export const clu = consoleFormat({ id: 'clu', title: 'CLU console (JAX, Flax)', open: openClu });

export function openClu(): Dialect {
  return {
    line({ text, time }, sink) {
      const found = LINE.exec(text);
      if (found) {
        const collection = found[2] === undefined ? '' : `${found[2]}/`;
        for (const [, name = '', value] of (found[3] as string).matchAll(PAIR)) put(sink, collection + name, {}, { step: Number(found[1]), time }, toNumber(value));
        return true;
      }
      const settings = /^\[Hyperparameters\] (\{.*\})$/.exec(text)?.[1];
      if (settings === undefined) return false;
      addConfig(sink, '', pythonLiteral(settings) ?? new Map());
      return true;
    }
  };
}
