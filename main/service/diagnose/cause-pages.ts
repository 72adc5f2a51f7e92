/** What the pages of causes say beyond what the catalogue holds. */

export interface CausePage {
  what: string;
  shows: string;
  sources: string[];
}

const PAGES: [string, CausePage][] = [
  [
    'L1',
    {
      what:
        'A train loss that is averaged over an epoch or logging window describes the model half a window ago; ' +
        'validation describes the model now. While the loss falls, validation therefore looks better than it ' +
        'is.',
      shows:
        'The gap is there only while the loss falls, and disappears when the train curve is moved half a ' +
        'window earlier. Gapwatch does this before it judges any gap.',
      sources: ['skorch issue 722', 'keras issue 2330', 'Keras FAQ'],
    },
  ],
  [
    'L2',
    {
      what: 'The logger writes a running average in place of the loss. The average follows the true loss with a delay of many steps.',
      shows: 'Neighbouring train losses differ far less than their spread allows. The delay is largest where the loss falls fastest.',
      sources: ['fastai issue 4063'],
    },
  ],
  [
    'H1',
    {
      what:
        'Dropout, stochastic depth and their relatives switch parts of the network off in training. ' +
        'Validation uses the whole network and scores better.',
      shows:
        'Losses agree before training; then validation stays lower, and validation accuracy is higher than ' +
        'training accuracy. The gap follows the rate.',
      sources: ['fairseq issue 3479', 'Megatron-LM issue 32'],
    },
  ],
  [
    'H2',
    {
      what: 'Training inputs are distorted (flips, crops, noise, mosaics), validation inputs are not, so training is the harder task.',
      shows: 'Like dropout; where a schedule switches augmentation off, the gap changes at that epoch.',
      sources: ['yolov5 issues 1879 and 7017', 'nnUNet issue 931'],
    },
  ],
  [
    'H3',
    {
      what: 'Mixup and CutMix train on mixtures of two samples with mixed targets. Even a perfect model keeps a high loss on such targets.',
      shows: 'A large gap, a high floor of the train loss, and a training accuracy far below validation.',
      sources: ['FMix issue 28'],
    },
  ],
  [
    'H4',
    {
      what:
        'BatchNorm uses the statistics of the batch in training and running averages in validation. With very ' +
        'small batches the two differ.',
      shows: 'Mostly a jumpy validation loss above training; rarely the other sign. It cannot be proven from curves.',
      sources: ['early-stopping-pytorch issue 18', 'keras issue 6876'],
    },
  ],
  [
    'H5',
    {
      what:
        'Hard samples are drawn more often in training (hard-example mining, curricula, class balancing), so ' +
        'the train loss is that of a harder mixture.',
      shows: 'The gap is largest early and shrinks as hard samples are learned.',
      sources: [],
    },
  ],
  [
    'H6',
    {
      what: 'In training the decoder is partly fed its own output; in validation it is given the true prefix.',
      shows: 'The gap moves with the sampling ratio.',
      sources: [],
    },
  ],
  [
    'O1',
    {
      what:
        'Label smoothing gives every class a small target. The train loss then has a floor above zero that a ' +
        'plain validation loss does not have.',
      shows: 'Losses agree before training; a constant offset grows until the train loss reaches the floor; accuracies agree.',
      sources: ['timm issue 1118', 'casanovo issue 261', 'transformers PRs 10338 and 13814'],
    },
  ],
  [
    'O2',
    {
      what:
        'An L1 or L2 penalty is added to the logged train loss but not to the validation loss. Weight decay ' +
        'inside the optimizer never enters a logged loss.',
      shows: 'A small, nearly constant offset from the first step on; accuracies agree.',
      sources: [],
    },
  ],
  [
    'O3',
    {
      what: 'The train loss contains extra terms: load balancing, z-loss, KL, deep supervision, distillation.',
      shows: 'Train loss equals validation loss plus a constant, already before training.',
      sources: ['svoice issue 7'],
    },
  ],
  [
    'O4',
    {
      what: 'Class or sample weights multiply the train loss but not the validation loss.',
      shows: 'Train loss starts at the mean weight times ln K; accuracies agree.',
      sources: ['keras issues 5616 and 8591', 'tensorflow issue 42647'],
    },
  ],
  [
    'O5',
    {
      what: 'Softmax is applied before a loss that applies it itself. The loss then cannot fall below ln(1 + (K-1)/e).',
      shows: 'One curve stops at exactly that level while the other goes on.',
      sources: ['ultralytics issue 20014'],
    },
  ],
  [
    'S1',
    {
      what: 'The logged loss is multiplied or divided by the accumulation steps or the number of devices.',
      shows: 'The curves differ by the same factor from the very first step, before anything was learned; accuracies agree.',
      sources: ['transformers issues 35204 and 37766, PRs 34191, 35207 and 35438', 'espnet issue 5090', 'PyTorch-VAE issue 7'],
    },
  ],
  [
    'S2',
    {
      what: 'One side logs the sum over a batch or sequence, the other the mean.',
      shows: 'The first ratio equals the batch size or the sequence length.',
      sources: [],
    },
  ],
  [
    'S3',
    {
      what: 'The validation loss is averaged over padding as well. Padding is easy, so the loss looks lower than it is.',
      shows: 'Before training, validation is already below ln K, which no untrained model can reach honestly.',
      sources: ['trl issue 1343', 'LlamaFactory issue 8277', 'LongAlign issue 3'],
    },
  ],
  [
    'S4',
    {
      what: 'With several devices each rank validates its share, and only one rank\u2019s result is logged.',
      shows: 'A constant offset that changes from run to run; accuracies are multiples of 1 / (size of one share).',
      sources: ['pytorch-lightning issues 20492, 4702 and 12354'],
    },
  ],
  [
    'E1',
    {
      what: 'Validation uses an average of past weights (EMA, SWA), training the current ones.',
      shows: 'Validation is above training at first, then smoother than it.',
      sources: [],
    },
  ],
  [
    'D1',
    {
      what: 'The validation samples are easier than the training samples: a filter, a split by length or source, or a cleaner origin.',
      shows: 'A gap from the first evals on that stays when training data is measured exactly like validation.',
      sources: [],
    },
  ],
  [
    'D2',
    {
      what: 'Class balance, domain or time differ between the splits.',
      shows: 'Like easier data; losses per class or per source show it.',
      sources: [],
    },
  ],
  [
    'D3',
    {
      what: 'Copies or near copies of training samples are in the validation set.',
      shows: 'Validation follows training to the end and never turns up. Curves alone cannot prove it.',
      sources: ['Barz and Denzler, ciFAIR', 'Kapoor and Narayanan 2023'],
    },
  ],
  [
    'D4',
    {
      what: 'Some training labels are wrong or some training sources are harder; validation is clean.',
      shows: 'Train loss stops at a high level, validation is lower, and the gap shrinks only when the model begins to memorise.',
      sources: [],
    },
  ],
  [
    'D5',
    {
      what: 'The validation set is so small that its mean differs from the truth by chance.',
      shows: 'The gap is within a few standard errors, constant in one run and different with another seed or split.',
      sources: [],
    },
  ],
  [
    'D6',
    {
      what: 'Resolution, cleaning or truncation are easier in validation.',
      shows: 'Like easier data; settings differ between the splits.',
      sources: [],
    },
  ],
  [
    'X1',
    {
      what: 'The names of the two series are mixed up.',
      shows: 'The series named validation has one point per step, the one named training one per epoch.',
      sources: [],
    },
  ],
];

export const causePages: ReadonlyMap<string, CausePage> = new Map(PAGES);
