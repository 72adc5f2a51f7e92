import { nonFinite } from './b1-non-finite.ts';
import { oscillation } from './b10-oscillation.ts';
import { stalled } from './b11-stalled.ts';
import { throughput } from './b12-throughput.ts';
import { gpuIdle } from './b13-gpu-idle.ts';
import { gpuMemory } from './b14-gpu-memory.ts';
import { throttling } from './b15-throttling.ts';
import { gradientNorm } from './b16-gradient-norm.ts';
import { logIntegrity } from './b17-log-integrity.ts';
import { spike } from './b2-spike.ts';
import { divergence } from './b3-divergence.ts';
import { plateau } from './b4-plateau.ts';
import { overfit } from './b5-overfit.ts';
import { maskedOverfit } from './b6-masked-overfit.ts';
import { notLearning } from './b7-not-learning.ts';
import { rateTooHigh } from './b8-rate-too-high.ts';
import { rateTooLow } from './b9-rate-too-low.ts';
import type { HealthRule } from './rule.ts';

/** Every health rule, in the order in which their findings are listed. */
export const healthRules: readonly HealthRule[] = [
  nonFinite,
  spike,
  divergence,
  plateau,
  overfit,
  maskedOverfit,
  notLearning,
  rateTooHigh,
  rateTooLow,
  oscillation,
  stalled,
  throughput,
  gpuIdle,
  gpuMemory,
  throttling,
  gradientNorm,
  logIntegrity,
];
