import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';
import { addFinal, hfHints, isClosing } from '../hf-trainer.ts';

const PAIR = new RegExp(`'([^']+)': '?(${NUM})'?(?=[,}])`, 'g');

/**
 * What the Hugging Face Trainer prints: a Python dict, `{'loss': 0.69, 'learning_rate': 5e-05, 'epoch': 0.02}`, its numbers in
 * quotes in the newest versions. There is no step in it; the epoch is the axis (formats reference 4.3).
 */
export const hfConsole = consoleFormat({ id: 'hf-console', title: 'Hugging Face Trainer console', open: openHfConsole });

export function openHfConsole(): Dialect {
  return {
    line({ text, time }, sink) {
      const from = text.indexOf("{'");
      if (from < 0 || !text.endsWith('}') || !text.includes("'epoch':")) return false;
      const pairs = [...text.slice(from).matchAll(PAIR)].map(([, name = '', value]) => [name, toNumber(value)] as const);
      const epoch = pairs.find(([name]) => name === 'epoch')?.[1];
      if (epoch === undefined || pairs.length < 2) return false;
      const closes = isClosing(Object.fromEntries(pairs));
      for (const [name, value] of pairs) {
        if (name === 'epoch') continue;
        if (closes) addFinal(sink, name, value);
        else put(sink, name, hfHints(name), { epoch, time }, value);
      }
      return true;
    }
  };
}
