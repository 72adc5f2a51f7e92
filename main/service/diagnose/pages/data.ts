/** Pages of causes in the data: training samples are harder than validation samples. */
import type { CausePage } from './page.ts';

export const dataPages: Readonly<Record<string, CausePage>> = {
  D1: {
    what:
      'The validation samples are easier than the training samples: a filter, a split by length, date or source, a cap on the number of' +
      ' samples that keeps the first ones, or a cleaner origin.',
    shows:
      'A gap at the first evals already, which stays when training data is measured exactly like validation. Validation accuracy is ' +
      'higher as well.',
    against:
      'Measured like validation, training data is no harder (less than 30 % of the gap is in the data), or the gap follows a dropout or' +
      ' augmentation schedule.',
    confirm:
      'Run the clean-train probe. If the gap stays, hold out a random fold of the training split and validate on that: if its loss is ' +
      'like training\'s, your validation set is the odd one out.',
    todo:
      'Split again at random and stratified, or cross-validate. Compare histograms of labels, lengths and sources on both sides. Do not' +
      ' compare with results on other validation sets.',
    sources: ['Goodfellow, Bengio and Courville 2016, Deep Learning, 5.2: train and test from the same distribution'],
  },
  D2: {
    what:
      'Class balance, domain or time differ between the splits: a split by date, a folder a class, or Keras validation_split, which ' +
      'takes the tail of the data before shuffling.',
    shows:
      'Like easier data, but it may change sign in the course of the run, and loss and accuracy may disagree. Some classes are missing ' +
      'in validation or rare.',
    against: 'Losses per class are the same on both sides.',
    confirm: 'Compare the loss per class (or per month, per source) on both splits; count the labels on both sides.',
    todo: 'Stratify the split, or weight classes to the mix that you expect in use. Report losses per class.',
    sources: [
      'Keras documentation, fit: validation_split takes the last samples',
      'Moreno-Torres et al. 2012, A unifying view on dataset shift in classification',
    ],
  },
  D3: {
    what:
      'Copies or near copies of training samples are in the validation set: duplicates in the source, augmentation before the split, ' +
      'several samples of one patient, user or video on both sides.',
    shows:
      'Leakage alone makes no gap. Validation follows training to the end and never turns up although the train loss is tiny; together ' +
      'with dropout it shows as validation below training. Curves cannot prove it, so its probability is never given above 40 %.',
    against: 'Validation loss turns up (overfitting exists), or a search for duplicates finds none.',
    confirm: 'Hash samples on both sides and look for near duplicates (perceptual hashes for images, shingles for text): minutes on a CPU.',
    todo: 'Remove duplicates by group and split by group (patient, user, document). Earlier results on this validation set are too good.',
    sources: [
      'Barz and Denzler 2020, ciFAIR: 3.3 % and 10 % of the CIFAR-10 and CIFAR-100 test images are duplicated in training',
      'Kapoor and Narayanan 2023: leakage in 17 fields and 294 papers',
    ],
  },
  D4: {
    what:
      'Some training labels are wrong, or some training sources are harder; validation is clean. A wrong label costs the loss of a ' +
      'confident mistake, whatever the model does.',
    shows:
      'The train loss stops at a high level (above a fifth of its start), validation is lower from the start, training accuracy is ' +
      'lower too, and the gap shrinks only when the model begins to memorise.',
    against: 'Measured like validation, training data is no harder.',
    confirm: 'Look at the 50 training samples with the highest loss. With wrong labels most of them are plainly mislabelled.',
    todo: 'Relabel or drop them, use a robust loss, and stop before the model memorises: from then on validation gets worse.',
    sources: [
      'Zhang et al. 2017, Understanding deep learning requires rethinking generalization',
      'Northcutt, Athalye and Mueller 2021, Pervasive label errors in test sets',
    ],
  },
  D5: {
    what:
      'The validation set is so small that its mean loss differs from the truth by chance: with 50 samples of a loss that varies as ' +
      'much as its mean, by about 15 %.',
    shows: 'The gap is within a few standard errors, nearly constant in one run, and different with another seed or split.',
    against: 'The gap is more than three standard errors, or the set has some hundreds of samples.',
    confirm:
      'Bootstrap the validation loss, or cross-validate with five folds. With three seeds Gapwatch shows whether the gap is ' +
      'reproducible.',
    todo:
      'Enlarge the validation set to about (2 s / (delta V))^2 samples, where s is the spread of the loss of single samples and delta ' +
      'the relative gap that matters to you; or report the mean over folds.',
    sources: ['Waudby-Smith et al. 2024, Time-uniform central limit theory and asymptotic confidence sequences: what Gapwatch tests with'],
  },
  D6: {
    what: 'Resolution, cleaning or truncation are easier in validation: larger images, shorter maximal length, other cleaning.',
    shows: 'Like easier data; settings such as imgsz or max_length differ between the splits.',
    against: 'No setting differs between the splits.',
    confirm: 'Validate once with the training preprocessing (without augmentation).',
    todo: 'Prepare both sides the same way. Where a difference is wanted (testing at a higher resolution), expect the gap and say so.',
    sources: ['Touvron et al. 2019, Fixing the train-test resolution discrepancy'],
  },
};
