import { averagedWeights } from './e1-averaged-weights.ts';
import { augmentation } from './h2-augmentation.ts';
import { auxiliaryTerm } from './o3-auxiliary-term.ts';
import { averagingLag } from './l1-averaging-lag.ts';
import { batchNorm } from './h4-batchnorm.ts';
import type { Cause } from './cause.ts';
import { classPrior } from './d2-class-prior.ts';
import { classWeights } from './o4-class-weights.ts';
import { doubleSoftmaxCause } from './o5-double-softmax.ts';
import { dropout } from './h1-dropout.ts';
import { easierPreprocessing } from './d6-easier-preprocessing.ts';
import { easierValidation } from './d1-easier-validation.ts';
import { hardSampling } from './h5-hard-sampling.ts';
import { labelSmoothing } from './o1-label-smoothing.ts';
import { leakage } from './d3-leakage.ts';
import { mixup } from './h3-mixup.ts';
import { noisyTraining } from './d4-noisy-training.ts';
import { paddingCounted } from './s3-padding-counted.ts';
import { rankLocal } from './s4-rank-local.ts';
import { scalingFactor } from './s1-scaling-factor.ts';
import { smallValidation } from './d5-small-validation.ts';
import { smoothedLog } from './l2-smoothed-log.ts';
import { sumReduction } from './s2-sum-reduction.ts';
import { swappedNames } from './x1-swapped-names.ts';
import { teacherForcing } from './h6-teacher-forcing.ts';
import { weightPenalty } from './o2-weight-penalty.ts';

/** The catalogue. Its order decides nothing: ties are broken by id. */
export const causes: readonly Cause[] = [
  averagingLag,
  smoothedLog,
  dropout,
  augmentation,
  mixup,
  batchNorm,
  hardSampling,
  teacherForcing,
  labelSmoothing,
  weightPenalty,
  auxiliaryTerm,
  classWeights,
  doubleSoftmaxCause,
  scalingFactor,
  sumReduction,
  paddingCounted,
  rankLocal,
  averagedWeights,
  easierValidation,
  classPrior,
  leakage,
  noisyTraining,
  smallValidation,
  easierPreprocessing,
  swappedNames,
];
