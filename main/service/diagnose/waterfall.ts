/** The raw gap split into what is known of it: lag, a computable factor, handicap and data by the probe, and the remainder. */
import type { Cause } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { mean } from './statistics.ts';

type Share = { label: string; d: number };

/** Shares of the mean raw gap over the telling evals, in nats of ln(train / val); null where neither probe nor factor is known. */
export function waterfallOf(evidence: Evidence, causes: readonly Cause[]): Share[] | null {
  const { gap, tellingEvals, view } = evidence;
  const at = tellingEvals.filter((i) => Number.isFinite(gap.raw[i]) && Number.isFinite(gap.d[i]));
  if (at.length === 0) return null;
  const raw = mean(at.map((i) => gap.raw[i] as number));
  const corrected = mean(at.map((i) => gap.d[i] as number));
  const shares: Share[] = [{ label: 'raw gap', d: raw }];
  if (view.trainMeaning !== 'evaluation') shares.push({ label: 'lag', d: raw - corrected });
  const factor = factorShare(evidence, causes);
  if (factor !== null) shares.push({ label: 'factor', d: factor });
  const probed = probeShares(evidence, at);
  if (probed) shares.push({ label: 'handicap', d: corrected - probed - (factor ?? 0) }, { label: 'data', d: probed });
  if (factor === null && !probed) return null;
  if (!probed) shares.push({ label: 'remainder', d: corrected - (factor ?? 0) });
  return shares;
}

/** ln of the factor between the losses before training, when a scale cause is named. */
function factorShare({ init }: Evidence, causes: readonly Cause[]): number | null {
  const [first] = causes;
  const scaled = first?.named === true && (first.id === 'S1' || first.id === 'S2' || first.id === 'S3');
  return scaled && init.d0 !== null && init.against !== 'first-eval' ? init.d0 : null;
}

/** Mean ln(C / V): the part of the gap that the data makes. */
function probeShares({ view, gap }: Evidence, at: readonly number[]): number | null {
  if (view.trainMeaning === 'evaluation') return null;
  const ratios = at.map((i) => Math.log((view.evals.cleanTrain[i] as number) / (gap.val[i] as number))).filter((x) => Number.isFinite(x));
  return ratios.length >= at.length / 2 && ratios.length > 0 ? mean(ratios) : null;
}
