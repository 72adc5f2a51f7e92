/**
 * The canonical inputs of the diagnosis (reference section 1): one run as training steps, paired evaluations and known sizes.
 * Cause signatures and health rules read this and nothing else.
 */
import type { FrameworkRow } from './frameworks.ts';
import type { RunInput, SeriesInput } from './input.ts';
import type { Settings } from './settings.ts';

export type Meaning = SeriesInput['meaning'];

/** One series in order of arrival; NaN on an axis means not logged, NaN or an infinity in `value` was logged. */
export interface Track {
  name: string;
  meaning: Meaning;
  step: Float64Array;
  epoch: Float64Array;
  time: Float64Array;
  value: Float64Array;
}

/** The finest train loss that is logged, with what was logged at the same step. Columns of equal length, possibly empty. */
export interface Steps extends Track {
  /** Learning rate and gradient norm at (or last before) each step; NaN where none is logged. */
  lr: Float64Array;
  gradNorm: Float64Array;
}

/** The evaluations, one column entry each, oldest first. A measurement before any training is `View.initialVal`, not an eval. */
export interface Evals {
  count: number;
  step: Float64Array;
  epoch: Float64Array;
  time: Float64Array;
  /** Position on `View.axis`. */
  at: Float64Array;
  /** Validation loss V as logged (may be NaN or infinite). */
  val: Float64Array;
  /** Train loss T paired to this eval: mean over the interval that ends here, NaN where nothing was logged. */
  train: Float64Array;
  /** Train and validation accuracy as shares (0..1), NaN where not logged. */
  trainAccuracy: Float64Array;
  valAccuracy: Float64Array;
  /** The probe: the training set measured as validation is; NaN where not logged. */
  cleanTrain: Float64Array;
  /** Learning rate in force, NaN where not logged. */
  lr: Float64Array;
  /** Number of train points that `train` was made of. */
  points: Int32Array;
}

export interface View {
  run: RunInput;
  /** The axis on which train and validation were paired. */
  axis: 'step' | 'epoch' | 'index';
  steps: Steps;
  evals: Evals;
  /** What one value of the paired train loss T is: 'evaluation' means that no lag correction applies. */
  trainMeaning: Meaning;
  /** Name of the loss that was paired: 'loss', or 'perplexity' when its logarithm was taken, or a sum of parts. */
  metric: string;
  /** V0: validation loss before any update, null if not logged. */
  initialVal: number | null;
  /** Validation accuracy and probe measured at the same time. */
  initialAccuracy: number | null;
  initialClean: number | null;
  /** First logged train loss, null if none; `firstIsInstant` says that it is one batch or nearly so (not an interval's mean). */
  firstTrain: number | null;
  firstIsInstant: boolean;
  /** K: classes or vocabulary. */
  classes: number | null;
  /** Validation samples: as configured, else inferred from accuracies. */
  valSize: number | null;
  configuredValSize: number | null;
  trainSize: number | null;
  /** Samples per optimizer step and device, as configured. */
  batch: number | null;
  /** Planned length in evals (for burn-in), steps and epochs; null if unknown. */
  plan: { evals: number | null; steps: number | null; epochs: number | null };
  /** Training steps between two evals (median) and train points logged between two evals (mean). */
  stepsPerEval: number | null;
  pointsPerEval: number;
  /** Indexes of evals at which the run was resumed (the axis went back): detection starts anew there. */
  resumes: number[];
  /** Last eval of the learning-rate warm-up, -1 without. */
  warmupEnd: number;
  /** False when config or first losses say that the model was pretrained or resumed: tests against ln K are off. */
  fromScratch: boolean;
  /** True when a loss goes below zero (for example -SI-SNR): ratios make no sense, differences are used. */
  signed: boolean;
  framework: FrameworkRow | null;
  settings: Settings;
  lr: Track | null;
  gradNorm: Track | null;
}
