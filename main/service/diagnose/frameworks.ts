/** What the loss curves of each trainer are (reference section 1), as data: it vetoes and enables causes. */

export interface FrameworkRow {
  /** Ids of formats (formats/) whose logs these are. */
  formats: readonly string[];
  title: string;
  trainLoss: string;
  valLoss: string;
  /** Cause ids that cannot be, with the reason in words for the user. */
  vetoes: ReadonlyMap<string, string>;
  /** True when a logged config lists every option, so that a missing key has its default (off). */
  completeConfig: boolean;
  /** Defaults that are on although a config may not say so: cause id to words. */
  onByDefault: ReadonlyMap<string, string>;
}

const none: ReadonlyMap<string, string> = new Map();

const evaluated = 'the logged train loss is itself measured in evaluation mode';

export const frameworks: readonly FrameworkRow[] = [
  {
    formats: ['hf-trainer', 'trl'],
    title: 'Hugging Face Trainer',
    trainLoss: 'mean over the steps since the last log line, 4 decimals',
    valLoss: 'eval_loss through the same compute_loss',
    vetoes: none,
    completeConfig: false,
    onByDefault: none
  },
  {
    formats: ['keras-csv', 'tb-keras'],
    title: 'Keras',
    trainLoss: 'running mean over the epoch, reset each epoch',
    valLoss: 'measured at the end of the epoch, penalties included in both',
    vetoes: none,
    completeConfig: false,
    onByDefault: none
  },
  {
    formats: ['timm', 'timm-summary'],
    title: 'timm',
    trainLoss: 'epoch mean of the training criterion (smoothing and soft targets included)',
    valLoss: 'plain cross-entropy; averaged weights with model_ema',
    vetoes: none,
    completeConfig: false,
    onByDefault: none
  },
  {
    formats: ['ultralytics', 'ultralytics-results'],
    title: 'Ultralytics',
    trainLoss: 'running epoch mean on augmented (mosaic) images',
    valLoss: 'averaged weights, no augmentation',
    vetoes: none,
    completeConfig: false,
    onByDefault: new Map([
      ['H2', 'Ultralytics augments training images by default'],
      ['E1', 'Ultralytics validates averaged weights']
    ])
  },
  {
    formats: ['nanogpt-console', 'nanogpt'],
    title: 'nanoGPT',
    trainLoss: 'evaluation mode on random batches, like validation',
    valLoss: 'evaluation mode on random batches',
    vetoes: new Map(['L1', 'L2', 'H1', 'H2', 'H3', 'H4', 'H5', 'S1', 'O1', 'O2', 'O3', 'O4'].map((id) => [id, evaluated])),
    completeConfig: false,
    onByDefault: none
  },
  {
    formats: ['lightning-csv', 'lightning'],
    title: 'Lightning',
    trainLoss: '*_step is one batch, *_epoch the epoch mean',
    valLoss: 'epoch mean; per rank without sync_dist',
    vetoes: none,
    completeConfig: false,
    onByDefault: none
  },
  {
    formats: ['fastai'],
    title: 'fastai',
    trainLoss: 'exponential average with factor 0.98',
    valLoss: 'unsmoothed',
    vetoes: none,
    completeConfig: false,
    onByDefault: new Map([['L2', 'fastai averages the train loss with factor 0.98']])
  },
  {
    formats: ['megatron-console', 'megatron'],
    title: 'Megatron-LM',
    trainLoss: 'mean over the log interval',
    valLoss: 'mean over eval_iters batches',
    vetoes: none,
    completeConfig: false,
    onByDefault: none
  }
];

/** The row for a run's formats (the preferred first), null when none is known. */
export function frameworkOf(formats: readonly string[]): FrameworkRow | null {
  for (const format of formats) {
    const row = frameworks.find((candidate) => candidate.formats.includes(format));
    if (row) return row;
  }
  return null;
}
