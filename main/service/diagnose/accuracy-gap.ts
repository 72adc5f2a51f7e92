/** Accuracy gap (reference section 2): train minus validation accuracy over the evals where the loss gap tells something. */
import { mean } from './statistics.ts';
import type { View } from './view.ts';

export interface AccuracyGap {
  /** In shares: -0.06 means that validation accuracy is six points higher. */
  gap: number;
  /** In standard errors of a validation set of this size. */
  z: number;
}

const ASSUMED_SIZE = 500;
const LEAST_ERROR = 0.001;

/** Train accuracy is averaged with its successor, like the loss. null without both accuracies. */
export function accuracyGap(view: View, at: readonly number[]): AccuracyGap | null {
  const { trainAccuracy, valAccuracy } = view.evals;
  const gaps: number[] = [];
  const shares: number[] = [];
  for (const i of at) {
    const now = trainAccuracy[i] as number;
    const next = trainAccuracy[i + 1] ?? now;
    const val = valAccuracy[i] as number;
    const train = Number.isFinite(next) ? (now + next) / 2 : now;
    if (!Number.isFinite(train) || !Number.isFinite(val)) continue;
    gaps.push(train - val);
    shares.push(val);
  }
  if (gaps.length === 0) return null;
  const n = view.valSize ?? ASSUMED_SIZE;
  const p = mean(shares);
  const spread = Math.max(p * (1 - p), 0.25 / n);
  const gap = mean(gaps);
  return { gap, z: gap / Math.max(Math.sqrt(spread / n), LEAST_ERROR) };
}
