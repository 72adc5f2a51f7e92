/** What the loss curves of each trainer are (reference section 1), as data: it vetoes and enables causes. */

export interface Veto {
  /** Cause that cannot be. */
  cause: string;
  /** Why, in words for the user. */
  why: string;
  /** The veto does not hold while a setting with such a key is on: the user's own code does it then. */
  unlessKey?: RegExp;
}

export interface FrameworkRow {
  /** Ids of formats (formats/) whose logs these are. */
  formats: readonly string[];
  title: string;
  trainLoss: string;
  valLoss: string;
  vetoes: readonly Veto[];
  /** What is on although no setting may say so: cause id to words. */
  onByDefault: ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();

export const frameworks: readonly FrameworkRow[] = [
  {
    formats: ['hf-trainer', 'hf-results', 'trl', 'llama-factory'],
    title: 'Hugging Face Trainer',
    trainLoss: 'mean over the steps since the last log line, 4 decimals',
    valLoss: 'eval_loss through the same compute_loss',
    vetoes: [
      {
        cause: 'O1',
        why: 'Hugging Face Trainer applies label_smoothing_factor to both losses (transformers PRs 10338 and 13814)',
        unlessKey: /^(?!label_smoothing_factor$).*(smooth|soft_target)/,
      },
    ],
    onByDefault: NONE,
  },
  {
    formats: ['keras-csv', 'tb-keras'],
    title: 'Keras',
    trainLoss: 'batch-weighted running mean, reset each epoch',
    valLoss: 'end of epoch; penalties and add_loss included in both',
    vetoes: [
      { cause: 'O1', why: 'Keras computes label smoothing in both losses' },
      { cause: 'O2', why: 'Keras adds weight penalties to both losses' },
      { cause: 'O3', why: 'Keras adds extra loss terms to both losses', unlessKey: /aux|distill|kl_weight/ },
    ],
    onByDefault: NONE,
  },
  {
    formats: ['timm'],
    title: 'timm',
    trainLoss: 'epoch mean of the training criterion (smoothing and soft targets included)',
    valLoss: 'plain cross-entropy; averaged weights with model_ema',
    vetoes: [],
    onByDefault: NONE,
  },
  {
    formats: ['ultralytics'],
    title: 'Ultralytics',
    trainLoss: 'running epoch mean on augmented (mosaic) images',
    valLoss: 'averaged weights, no augmentation',
    vetoes: [],
    onByDefault: new Map([
      ['H2', 'Ultralytics augments training images by default'],
      ['E1', 'Ultralytics validates averaged weights'],
    ]),
  },
  {
    formats: ['nanogpt-console', 'nanogpt'],
    title: 'nanoGPT',
    trainLoss: 'step lines: evaluation mode on random batches, like validation; iter lines: one micro-batch',
    valLoss: 'evaluation mode on random batches',
    vetoes: [],
    onByDefault: NONE,
  },
  {
    formats: ['lightning-csv'],
    title: 'Lightning',
    trainLoss: '*_step is one batch, *_epoch the epoch mean',
    valLoss: 'epoch mean; per rank without sync_dist',
    vetoes: [],
    onByDefault: NONE,
  },
  {
    formats: ['fastai'],
    title: 'fastai',
    trainLoss: 'exponential average with factor 0.98',
    valLoss: 'unsmoothed',
    vetoes: [],
    onByDefault: new Map([['L2', 'fastai averages the train loss with factor 0.98']]),
  },
  {
    formats: ['megatron-console', 'megatron'],
    title: 'Megatron-LM',
    trainLoss: 'mean over the log interval',
    valLoss: 'mean over eval_iters batches',
    vetoes: [],
    onByDefault: NONE,
  },
];

/** Causes that cannot be when the train loss is itself measured in evaluation mode, by the code that measures validation. */
export const evaluatedAlike: ReadonlySet<string> = new Set([
  'L1',
  'L2',
  'H1',
  'H2',
  'H3',
  'H4',
  'H5',
  'H6',
  'S1',
  'S2',
  'O1',
  'O2',
  'O3',
  'O4',
  'O5',
  'E1',
]);

/** The row for a run's formats (the preferred first), null when none is known. */
export function frameworkOf(formats: readonly string[]): FrameworkRow | null {
  for (const format of formats) {
    const row = frameworks.find((candidate) => candidate.formats.includes(format));
    if (row) return row;
  }
  return null;
}
