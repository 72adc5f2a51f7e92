/** Pages of causes that make training harder than validation. */
import type { CausePage } from './page.ts';

export const handicapPages: Readonly<Record<string, CausePage>> = {
  H1: {
    what:
      'Dropout, stochastic depth, DropConnect and layerdrop switch parts of the network off in training. Validation uses the whole ' +
      'network and scores better. Most frameworks log the loss of the crippled network as the train loss.',
    shows:
      'Both losses agree before training, then validation is lower and stays lower. Validation accuracy is above training accuracy, ' +
      'measured on our runs by 6 points in the median. The gap follows the rate if the rate is scheduled.',
    against:
      'All dropout rates are 0, training accuracy is at least as high as validation accuracy, or the train loss is measured in ' +
      'evaluation mode (nanoGPT\'s "step" lines).',
    confirm:
      'Run the clean-train probe: the same training samples in evaluation mode. If that loss is at or below validation, dropout ' +
      'explains the gap. Or train one epoch with the rate at 0: the gap must close.',
    todo:
      'Usually nothing: validation is the honest number. If the clean train loss is high as well and does not fall, the model is ' +
      'underfitting and a lower rate helps; if it is far below validation, the gap hides overfitting.',
    sources: ['fairseq issue 3479', 'Megatron-LM issue 32: BERT evaluates about 0.2 lower than it trains'],
  },
  H2: {
    what:
      'Training inputs are distorted (flips, crops, noise, mosaics, masked spans), validation inputs are not, so training is the harder' +
      ' task.',
    shows:
      'As with dropout: equal before training, then lower and more accurate in validation. Where a schedule switches augmentation off ' +
      '(Ultralytics close_mosaic, timm mixup_off_epoch) the gap changes at that epoch.',
    against:
      'The augmentation settings are off, the input is text or a table that has none, or the gap does not move when the schedule ' +
      'switches it off.',
    confirm:
      'Measure the loss on the same training samples without augmentation, in evaluation mode (the clean-train probe). Or validate once' +
      ' with the training transforms: validation should rise to the train loss.',
    todo:
      'Keep it: augmentation is there to make training harder. Compare checkpoints by validation, and look at the clean train loss to ' +
      'see whether there is room for more or less of it.',
    sources: ['yolov5 issues 1879 and 7017: the maintainer says that training images are the harder ones', 'nnUNet issue 931'],
  },
  H3: {
    what:
      'Mixup and CutMix train on mixtures of two samples with mixed targets. Even a perfect model keeps a high loss on them: the ' +
      'entropy of the mixed target.',
    shows:
      'A large gap, a floor of the train loss above a fifth of its start, and a training accuracy far below validation (26 points in ' +
      'the median of our runs), because it is scored on mixed images.',
    against: 'The mixing settings are 0, or the train loss falls below a twentieth of its start, which mixed targets would not let it.',
    confirm:
      'Switch mixing off for one epoch (timm mixup_off_epoch), or measure unmixed training samples in evaluation mode (the clean-train ' +
      'probe).',
    todo: 'Leave it on and ignore the training accuracy. Judge the model by validation and by the clean train loss.',
    sources: ['FMix issue 28'],
  },
  H4: {
    what:
      'BatchNorm uses the statistics of the batch in training and running averages in validation. With very small batches on each ' +
      'device the two differ, in either direction.',
    shows:
      'Mostly a jumpy validation loss above training, early in the run. Training above validation is rare and happens with tiny ' +
      'batches. It cannot be proven from curves, so Gapwatch calls it possible at most.',
    against: 'The model has no BatchNorm (LayerNorm and GroupNorm do the same in both modes), or each device sees many samples at once.',
    confirm: 'Pass one batch through the model in training mode and in evaluation mode and compare the losses.',
    todo:
      'Use a larger batch per device, SyncBN, or GroupNorm. If only the running averages lag, a higher momentum or a few forward passes' +
      ' before validation are enough.',
    sources: ['early-stopping-pytorch issue 18', 'keras issue 6876'],
  },
  H5: {
    what:
      'Hard samples are drawn more often than easy ones: hard-example mining, focal sampling, curricula, or a WeightedRandomSampler ' +
      'that evens out classes. The train loss is then that of a harder mixture than the data set.',
    shows:
      'The gap is largest early and shrinks as the hard samples are learned; validation accuracy is higher; training data drawn ' +
      'uniformly scores like validation.',
    against: 'The sampler is known to be uniform.',
    confirm: 'Measure the training set in uniform order, in evaluation mode (the clean-train probe).',
    todo:
      'Keep the sampler if it helps validation, and evaluate both sides on uniformly drawn data. With class balancing, look at the loss' +
      ' per class as well.',
    sources: ['Shrivastava, Gupta and Girshick 2016, Training region-based object detectors with online hard example mining'],
  },
  H6: {
    what:
      'In training the decoder is partly fed its own output (scheduled sampling); in validation it is given the true prefix, which is ' +
      'easier. The reverse, teacher forcing in training and free decoding in validation, gives the opposite gap.',
    shows: 'The gap moves with the sampling ratio over the run.',
    against: 'The ratio is 1 throughout, or validation decodes freely.',
    confirm: 'Validate once with the ratio that training uses.',
    todo: 'Report both modes under their own names; only losses of the same mode can be compared.',
    sources: ['Bengio et al. 2015, Scheduled sampling for sequence prediction'],
  },
  E1: {
    what:
      'Validation uses an average of past weights (EMA, SWA), training the current ones. Ultralytics always does this, timm with ' +
      'model_ema.',
    shows:
      'Validation is above training at first, because the average lags, then smoother than training. It rarely makes validation lower: ' +
      'in none of 56 runs made for it did that alone raise an alarm.',
    against: 'The settings for averaging are off.',
    confirm: 'Validate the raw weights at the same checkpoint.',
    todo: 'Log both. The averaged model is the one to keep if it is the better one.',
    sources: ['Ultralytics validator: trainer.ema.ema or trainer.model', 'timm train.py: model_ema'],
  },
};
