import type { Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Axes, type Dialect } from './dialect.ts';

// timm: `Train: 0 [  50/1251 (  4%)]  Loss: 6.93 (6.94) ...`; ImageNet example: `Epoch: [0][  10/5005]\tTime ..\tLoss 6.9 (7.0)`.
// The MNIST example: `Train Epoch: 1 [640/60000 (1%)]\tLoss: 0.3`, counted in samples.
const TRAIN = /^(?:Train(?: Epoch)?:\s*(\d+) \[\s*(\d+)\/(\d+)[^\]]*\]|Epoch:\s*\[(\d+)\]\s*\[\s*(\d+)\/(\d+)\])\s*(.*)$/;
const TEST = /^Test(?: \([^)]*\))?:\s*\[\s*(\d+)\/(\d+)\]\s*(.*)$/;
const MNIST = new RegExp(`^Test set: Average loss: (${NUM}), Accuracy: (\\d+)/(\\d+)`);
const TOTAL = /^\*\s*(Acc@1.*)$/;
const PAIR = new RegExp(`(?<![\\w@])([A-Za-z][\\w@]*):?\\s+(${NUM})(?:\\s*\\(\\s*(${NUM})\\))?`, 'g');
const NO_METRIC = /^(time|data|eta|mem|max)$/i;

interface State {
  epoch: number;
}

/**
 * The consoles of timm and of PyTorch's ImageNet and MNIST examples: `value (running mean)` for each number. A training line is placed at
 * epoch + batch / batches, as it says itself; the means of a test stand at the end of that epoch, from the last line of the test.
 */
export const torchvision = consoleFormat({ id: 'timm-console', title: 'timm and PyTorch example consoles', open: openTorchvision });

export function openTorchvision(saved?: unknown): Dialect {
  const state: State = { epoch: NaN };
  const before = saved as { epoch: number | null } | null | undefined;
  if (typeof before?.epoch === 'number') state.epoch = before.epoch;
  return {
    line({ text, time }, sink) {
      const train = TRAIN.exec(text);
      if (train) return readTrain(train, time, state, sink);
      const test = TEST.exec(text);
      if (test) return readTest(test, time, state, sink);
      if (Number.isNaN(state.epoch)) return false;
      const mnist = MNIST.exec(text);
      if (mnist) {
        const axes = { epoch: state.epoch + 1, time };
        put(sink, 'Average loss', { split: 'val', metric: 'loss', meaning: 'evaluation', axis: 'epoch' }, axes, toNumber(mnist[1]));
        put(sink, 'Accuracy', { split: 'val', metric: 'accuracy', meaning: 'evaluation', axis: 'epoch' }, axes, Number(mnist[2]) / Number(mnist[3]));
        return true;
      }
      const total = TOTAL.exec(text);
      if (!total) return false;
      for (const [, name = '', value] of (total[1] as string).matchAll(PAIR)) {
        put(sink, `* ${name}`, { split: 'val', metric: name === 'Acc@5' ? 'accuracy.top5' : 'accuracy', axis: 'epoch' }, { epoch: state.epoch + 1, time }, toNumber(value));
      }
      return true;
    },
    save: () => ({ epoch: Number.isNaN(state.epoch) ? null : state.epoch })
  };
}

function readTrain(found: RegExpExecArray, time: number, state: State, sink: Sink): boolean {
  const [, first, done = found[5], all = found[6]] = found;
  const epoch = Number(first ?? found[4]);
  const rest = found[7] as string;
  const pairs = [...rest.matchAll(PAIR)].filter(([, name = '']) => !NO_METRIC.test(name));
  if (pairs.length === 0) return false;
  state.epoch = epoch;
  const batches = Number(all);
  const last = Number(done) >= batches - 1;
  // torchvision's MetricLogger, known by its `eta:`, prints the median of a window instead of one batch.
  const meaning = rest.startsWith('eta:') ? 'window-mean' : 'batch';
  const axes: Axes = { epoch: epoch + Math.min(1, batches > 0 ? Number(done) / batches : 0), time };
  for (const [, name = '', value, mean] of pairs) {
    if (/^lr$/i.test(name)) put(sink, name, {}, axes, toNumber(value));
    else {
      put(sink, name, { split: 'train', meaning }, axes, toNumber(value));
      if (last && mean !== undefined) put(sink, `${name} (mean)`, { split: 'train', meaning: 'epoch-mean', axis: 'epoch' }, { epoch: epoch + 1, time }, toNumber(mean));
    }
  }
  return true;
}

function readTest(found: RegExpExecArray, time: number, state: State, sink: Sink): boolean {
  if (Number.isNaN(state.epoch)) return false;
  // Both print the running means; those of the last batch are the result. timm counts to the last index, the example may stop short of it.
  if (Number(found[1]) < Number(found[2]) - 1 && found[1] !== found[2]) return true;
  for (const [, name = '', value, mean] of (found[3] as string).matchAll(PAIR)) {
    if (!NO_METRIC.test(name)) put(sink, name, { split: 'val', meaning: 'evaluation', axis: 'epoch' }, { epoch: state.epoch + 1, time }, toNumber(mean ?? value));
  }
  return true;
}
