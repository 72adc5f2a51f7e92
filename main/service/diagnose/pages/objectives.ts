/** Pages of causes that make the train loss another function than the validation loss. */
import type { CausePage } from './page.ts';

export const objectivePages: Readonly<Record<string, CausePage>> = {
  O1: {
    what:
      'Label smoothing gives every class a small target. The train loss then has a floor above zero, the entropy H(e, K) of the ' +
      'smoothed target (0.5 nats for e = 0.1 and 10 classes), which a plain validation loss does not have. timm smooths by 0.1 unless ' +
      'told otherwise and validates with plain cross-entropy.',
    shows:
      'Both losses agree before training (smoothing does not change ln K). Then a constant offset grows until the train loss reaches ' +
      'its floor, while accuracies agree.',
    against:
      'The train loss falls below 0.9 times the floor, training accuracy is lower too, or the trainer applies smoothing to both sides ' +
      '(Keras, Hugging Face Trainer).',
    confirm: 'Log the unsmoothed cross-entropy of training batches next to the loss.',
    todo: 'Compare cross-entropy with cross-entropy. The model itself is fine; smoothing only makes the two numbers different things.',
    sources: [
      'timm issue 1118: the maintainer calls it expected',
      'casanovo issue 261',
      'transformers PRs 10338 and 13814: smoothing in both losses',
    ],
  },
  O2: {
    what:
      'An L1 or L2 penalty is added to the logged train loss but not to the validation loss. Weight decay inside the optimizer (AdamW, ' +
      'SGD weight_decay) never enters a logged loss and is no explanation; nor is a penalty in Keras 3, which adds it to both losses.',
    shows: 'A small, nearly constant offset from the first step on (1 to 10 % at the start), while accuracies agree.',
    against: 'Both losses agree before training, the trainer is Keras, or only weight_decay is configured.',
    confirm: 'Log the data loss and the penalty under separate names.',
    todo: 'Log the data loss alone as the train loss; keep the penalty as a curve of its own.',
    sources: ['keras source, trainer: model.losses are added in train_step and in test_step'],
  },
  O3: {
    what:
      'The train loss contains terms that validation leaves out: load balancing and z-loss of mixtures of experts, KL terms, deep ' +
      'supervision, distillation, or the sum over several heads.',
    shows:
      'Train loss equals validation loss plus a constant, already before training. The straight line through the points (validation, ' +
      'train) has a slope near 1 and an intercept well above 0.',
    against: 'Both losses agree before training, or the intercept is near 0.',
    confirm: 'Log every component of the loss under its own name.',
    todo: 'Compare the main component only. If the extra term was meant for both sides, add it in validation too.',
    sources: [
      'svoice issue 7: the loss is a sum over layers in training, the last layer in validation',
      'Megatron-LM: moe_aux_loss_coeff, moe_z_loss_coeff',
      'transformers: router_aux_loss_coef',
    ],
  },
  O4: {
    what:
      'Class or sample weights multiply the train loss but not the validation loss. Keras applies class_weight in fit only. PyTorch\'s ' +
      'weighted mean divides by the weights again, so that it changes little.',
    shows:
      'The train loss starts at the mean weight times ln K while validation starts at ln K; accuracies agree. The mean weight can be ' +
      'worked out from the configuration, and Gapwatch checks it against the first ratio.',
    against: 'Both losses start at ln K, or the configured weights average to another factor than the one that is seen.',
    confirm: 'Pass the same weights to the validation loss for one eval, or log the unweighted train loss.',
    todo: 'Use the same weights on both sides, or log the unweighted loss next to the weighted one.',
    sources: [
      'keras issue 5616: weights of 2.0 double the train loss',
      'keras issue 8591, tensorflow issue 42647: class_weight is for training only',
    ],
  },
  O5: {
    what:
      'Softmax is applied before a loss that applies it itself (or from_logits is wrong). The probabilities are squeezed between 1 / (K' +
      ' - 1 + e) and e / (K - 1 + e), so that the loss cannot fall below ln(1 + (K - 1) / e): 0.3133 for 2 classes, 1.4612 for 10.',
    shows:
      'One curve stops at exactly that level while the other goes on; loss plus accuracy stays constant. With two classes and label ' +
      'smoothing 0.2 the floor is almost the same (0.325), so the configuration has to decide.',
    against: 'The loss passes the level.',
    confirm: 'Compute the loss of one batch with both loss functions, or look for a softmax in the last layer.',
    todo:
      'Feed logits to the loss and remove the softmax from the model\'s output. A model trained through two softmaxes learns slowly: ' +
      'train it again.',
    sources: ['ultralytics issue 20014: validation stuck at 0.31328 = ln(1 + 1 / e) with two classes'],
  },
};
