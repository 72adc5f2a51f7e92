/** The configuration that a made run would have logged. */
import type { ConfigValue } from '../../main/service/diagnose/input.ts';
import { dice, type MadeRun, type Shown, type Style } from './fit-runs.ts';

/** Options under the names that trainers of this style use. Keys of handicaps are always there, those of bugs often are not. */
export function settingsLogged(run: MadeRun, shown: Shown): Map<string, ConfigValue> {
  const o = run.options;
  const roll = dice(run.seed * 31 + 9);
  const config = new Map<string, ConfigValue>();
  const has = (key: string): boolean => o[key] !== undefined;
  const num = (key: string): number => (typeof o[key] === 'number' ? (o[key] as number) : 0);
  const keras = shown.style === 'keras-csv';
  const timm = shown.style === 'timm';
  const hf = shown.style === 'hf-trainer';
  config.set(hf ? 'per_device_train_batch_size' : 'batch_size', run.B);
  config.set('dataset', run.task);
  config.set('seed', run.seed);
  config.set(keras ? 'optimizer/learning_rate' : timm ? 'lr' : 'learning_rate', run.rate);
  config.set(keras ? 'optimizer/name' : timm ? 'opt' : hf ? 'optim' : 'optimizer', o['optimizer'] ?? 'adamw');
  config.set(keras || timm ? 'epochs' : hf ? 'num_train_epochs' : 'max_epochs', run.epochs);
  const dropoutKey = timm ? 'drop' : hf ? 'hidden_dropout_prob' : keras ? 'dropout_rate' : 'dropout';
  if (!keras || has('dropout')) config.set(dropoutKey, num('dropout'));
  augmentKeys(config, run, shown.style, roll);
  config.set(timm ? 'mixup' : 'mixup_alpha', num('mixup'));
  if (hf) {
    config.set('label_smoothing_factor', 0);
    if (has('smoothing')) config.set('soft_target_eps', num('smoothing'));
  } else config.set(timm ? 'smoothing' : 'label_smoothing', num('smoothing'));
  if (has('l2') || roll() < 0.25) config.set(timm || hf ? 'l2_reg' : 'l2_penalty', num('l2'));
  if (has('aux')) config.set(hf ? 'router_aux_loss_coef' : timm ? 'aux_loss_weight' : 'aux_coef', num('aux'));
  if (run.weights) for (const [i, weight] of run.weights.entries()) if (keras) config.set(`class_weight/${i}`, weight);
  if (run.weights && !keras)
    config.set(
      'class_weight',
      run.weights.map((weight) => Math.round(weight * 1e4) / 1e4),
    );
  const scale = num('scale');
  const accumulation =
    has('scale') && roll() < 0.7 ? Math.round(Math.max(scale, 1 / Math.max(scale, 1e-9))) : has('accum_key') ? num('accum_key') : 1;
  config.set(
    shown.style === 'lightning-csv' ? 'accumulate_grad_batches' : timm ? 'grad_accum_steps' : 'gradient_accumulation_steps',
    accumulation,
  );
  if (has('scale') && accumulation === 1 && roll() < 0.5) config.set('world_size', Math.round(Math.max(scale, 1 / scale)));
  if (o['sum'] === true && roll() < 0.35) config.set('loss_reduction', 'sum');
  if (has('pad') ? roll() < 0.45 : roll() < 0.06) config.set(roll() < 0.5 ? 'pad_to_max_length' : 'pad_batches', true);
  if (has('rank')) config.set(shown.style === 'lightning-csv' ? 'devices' : 'world_size', num('rank'));
  else if (!has('scale') && roll() < 0.03)
    config.set(shown.style === 'lightning-csv' ? 'devices' : 'world_size', [2, 4, 8][Math.floor(roll() * 3)] ?? 4);
  else if (shown.style === 'lightning-csv' || timm) config.set(timm ? 'world_size' : 'devices', 1);
  if (has('hard')) config.set('sampler', ['hard_example', 'loss_weighted', 'WeightedRandomSampler'][Math.floor(roll() * 3)] ?? 'ohem');
  else if (roll() < 0.3) config.set('sampler', 'random');
  if (has('ema')) config.set(timm ? 'model_ema_decay' : 'ema_decay', num('ema'));
  else if (roll() < 0.4) config.set(timm ? 'model_ema' : 'ema_decay', timm ? false : null);
  if (has('log_smooth') && roll() < 0.7) config.set('log_smoothing', num('log_smooth'));
  if (has('double_softmax') && roll() < 0.35) config.set('output_activation', 'softmax');
  config.set('weight_decay', num('wd'));
  if (shown.sizes) {
    const full = has('rank') ? run.nVal * num('rank') : run.nVal;
    config.set(timm ? 'val_size' : hf ? 'eval_samples' : keras ? 'validation_samples' : 'n_val', full);
    config.set(timm ? 'train_size' : hf ? 'train_samples' : keras ? 'train_samples' : 'n_train', run.nTrain);
    if (run.K !== null) config.set(hf ? 'num_labels' : 'num_classes', run.K);
  }
  return config;
}

function augmentKeys(config: Map<string, ConfigValue>, run: MadeRun, style: Style, roll: () => number): void {
  const amount = typeof run.options['augment'] === 'number' ? run.options['augment'] : 0;
  const strong = amount > 0.2;
  if (style === 'timm') {
    config.set('aa', strong ? 'rand-m5-mstd0.5' : null);
    config.set('reprob', strong ? 0.3 : amount * 0.2);
    return;
  }
  if (style === 'keras-csv') {
    config.set('data_augmentation', amount > 0);
    if (amount > 0) config.set('augmentation/gaussian_noise', amount * 0.5);
    return;
  }
  if (run.task.startsWith('digits') && amount !== 0.12) {
    config.set('augment', strong);
    config.set('random_shift', strong ? 1 : 0);
    config.set('noise_std', strong ? amount * 0.4 : 0);
  } else if (amount > 0 || roll() < 0.5) config.set('input_noise_std', amount === 0.12 ? 0.06 : amount * 0.7);
}
