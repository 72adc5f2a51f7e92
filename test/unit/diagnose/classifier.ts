/** A classifier's training as formulas: what it would log, and what a change of loss, data or logging does to that. */
import type { ConfigValue, RunInput } from '../../../main/service/diagnose/input.ts';
import { normal, numbers, runOf, series } from './logged.ts';

export interface Change {
  /** Logged train loss from the clean one at progress p (0..1); default: itself. */
  train?: (clean: number, p: number) => number;
  /** Logged validation loss from the clean one. */
  val?: (clean: number, p: number) => number;
  /** Validation data differ: loss from the clean train loss. */
  valData?: (clean: number, p: number) => number;
  trainAccuracy?: (clean: number, p: number) => number;
  valAccuracy?: (clean: number, p: number) => number;
  /** Exponential average of the logged step losses. */
  smooth?: number;
  config?: Record<string, ConfigValue>;
  probe?: boolean;
  valSize?: number;
  configuredValSize?: number;
  formats?: string[];
}

export const K = 10;
const EVALS = 40;
const PER_EVAL = 40;

/** 40 evals of 40 steps; the clean loss falls from ln 10 to 0.15. */
export function classifier(change: Change = {}): RunInput {
  const next = normal(5);
  const progress = (t: number): number => 1 - Math.exp(-t / 12);
  const clean = (t: number): number => Math.log(K) * (1 - progress(t)) + 0.15 * progress(t);
  const accuracy = (t: number): number => 0.1 + 0.86 * progress(t);
  const { train = (x) => x, val = (x) => x, valData = (x) => x, trainAccuracy = (x) => x, valAccuracy = (x) => x, valSize = 600 } = change;
  let last = NaN;
  const steps = numbers(EVALS * PER_EVAL, (i) => {
    const t = i / PER_EVAL;
    const value = train(clean(t), progress(t)) * (1 + 0.05 * next());
    last = Number.isNaN(last) ? value : (change.smooth ?? 0) * last + (1 - (change.smooth ?? 0)) * value;
    return last;
  });
  const at = numbers(EVALS + 1, (i) => i * PER_EVAL);
  const noise = 0.6 / Math.sqrt(valSize);
  const vals = numbers(EVALS + 1, (i) => val(valData(clean(i), progress(i)), progress(i)) * (1 + (i === 0 ? 0.002 : 0.3 * noise) * next()));
  const shares = numbers(EVALS + 1, (i) => Math.min(1, Math.round(valAccuracy(accuracy(i), progress(i)) * valSize) / valSize));
  const list = [
    series('train_loss', 'loss', 'train', steps),
    series('val_loss', 'loss', 'val', vals, { steps: at }),
    series('val_acc', 'accuracy', 'val', shares, { steps: at }),
    series(
      'train_acc',
      'accuracy',
      'train',
      numbers(EVALS, (i) => trainAccuracy(accuracy(i + 0.5), progress(i + 0.5))),
      { every: PER_EVAL },
    ),
  ];
  if (change.probe)
    list.push(
      series(
        'clean_train_loss',
        'loss',
        'train',
        numbers(EVALS + 1, (i) => clean(i)),
        { steps: at, probe: true },
      ),
    );
  const common = {
    lr: 1e-3,
    optimizer: 'AdamW',
    batch_size: 32,
    epochs: EVALS,
    model: 'mlp',
    seed: 1,
    weight_decay: 0.01,
    num_classes: K,
    n_train: 1280,
    n_val: change.configuredValSize ?? valSize,
  };
  const config = change.config
    ? { ...common, dropout: 0, label_smoothing: 0, mixup_alpha: 0, gradient_accumulation_steps: 1, ...change.config }
    : {};
  return runOf(list, config, change.formats ? { formats: change.formats } : {});
}

/** Training is harder by a share that grows as the model learns. */
export const handicap = (share: number): Pick<Change, 'train' | 'trainAccuracy'> => ({
  train: (x, p) => x * (1 + 0.6 * share * p),
  trainAccuracy: (x, p) => x - 0.1 * share * p,
});
