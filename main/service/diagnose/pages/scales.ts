/** Pages of causes that multiply a loss or average it over something else. */
import type { CausePage } from './page.ts';

export const scalePages: Readonly<Record<string, CausePage>> = {
  S1: {
    what:
      'The logged train loss is multiplied or divided by the accumulation steps or the number of devices. Hugging Face Trainer 4.46 and' +
      ' 4.47 logged it times gradient_accumulation_steps. The mirror image, a train loss that is too low, puts validation above ' +
      'training.',
    shows:
      'The curves differ by the same factor from the very first step, before anything was learned; accuracies agree. The factor is a ' +
      'whole number that the configuration names, and the first train loss is that factor times ln K.',
    against: 'Both losses agree before training, the ratio drifts from the first eval on, or accumulation is 1 on one device.',
    confirm: 'Train 20 steps with accumulation 1 on one device and compare the first losses.',
    todo:
      'Divide the loss once (or upgrade transformers). Gradients may be scaled as well: check whether the learning rate was tuned with ' +
      'the wrong scale. Until then ignore the level of the train loss.',
    sources: [
      'transformers issues 35204 and 37766, PRs 34191, 35207 and 35438: loss times accumulation steps',
      'espnet issue 5090, PyTorch-VAE issue 7, NoCap-Test PR 2: the mirror image',
      'Unsloth, gradient accumulation fix: the mean of means over unequal token counts',
    ],
  },
  S2: {
    what: 'One side logs the sum over a batch or a sequence, the other the mean.',
    shows: 'The first ratio equals the batch size or the sequence length within a few per cent.',
    against: 'The first ratio is small, or no configured size comes near it.',
    confirm: 'Divide the train loss by the batch size and lay it over the validation loss.',
    todo:
      'Use the same reduction on both sides. If the summed loss is also what is optimised, the learning rate is effectively multiplied ' +
      'by that size.',
    sources: ['PyTorch documentation, CrossEntropyLoss: reduction'],
  },
  S3: {
    what:
      'The validation loss is averaged over padding (or over prompt tokens, or another number of tokens) as well. Padding is trivially ' +
      'predicted or counts as 0, so that the loss looks lower than it is.',
    shows:
      'Before training, validation is already below ln K, which no untrained model can reach honestly; the share that is missing is the' +
      ' share of padding. The ratio of the curves stays the same while both fall.',
    against: 'Validation starts at ln K, or at the level of training.',
    confirm:
      'For one validation batch compute sum(loss * mask) / sum(mask). The clean-train probe alone misleads here: it is computed with ' +
      'the right mask, so the gap looks like one of the data.',
    todo: 'Mask padding in the labels (ignore_index) and average over real tokens. Weight batches by their number of tokens.',
    sources: ['trl issue 1343', 'LlamaFactory issue 8277: losses differ threefold at the start', 'LongAlign issue 3'],
  },
  S4: {
    what:
      'With several devices each rank validates its share, and only one rank\'s result is logged. The validation set is then ' +
      'effectively as small as one share, and which samples are in it is chance.',
    shows:
      'A constant offset that differs from run to run. Validation accuracies are whole numbers of hits among (validation samples / ' +
      'devices).',
    against: 'A single device, or accuracies that do not fit one device\'s share.',
    confirm: 'Evaluate the same checkpoint on one device with the whole validation set.',
    todo: 'Reduce over ranks (Lightning: sync_dist=True) and weight each rank by its number of samples, the last batch included.',
    sources: [
      'pytorch-lightning issues 20492, 4702 and 12354: epoch metrics are per rank without sync_dist',
      'cybertronai/transformer-xl issue 14',
    ],
  },
  X1: {
    what: 'The names of the two series are mixed up, or the wrong loader feeds a name.',
    shows: 'The series named validation has one point per step, the one named training one per epoch.',
    against: 'Validation is logged less often than training, as usual.',
    confirm: 'Check in the training script which loader feeds which name.',
    todo: 'Rename the series.',
    sources: [],
  },
};
