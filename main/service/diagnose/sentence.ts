/** The one sentence on top of the run view. */
import type { Explained } from './diagnose.ts';
import type { Verdict, VerdictKind } from './diagnosis.ts';
import { FEWEST_EVALS } from './watch-gap.ts';
import { figure, list, percentBelow, shown } from './words.ts';

const VERDICT_WORDS: Record<VerdictKind, string> = {
  expected: 'expected',
  bug: 'a measurement bug',
  data: 'a data problem',
  unclear: 'unclear',
};

/** Plain words for a verdict. */
export function verdictWords(kind: VerdictKind): string {
  return VERDICT_WORDS[kind];
}

/** What a colleague would say of the run, with its numbers. */
export function sentenceFor(explained: Explained): string {
  const { gap, judged, faults } = explained;
  const worst = faults.find(({ severity }) => severity === 'critical');
  if (worst) return asSentence(worst.text);
  if (gap.evals === 0) return 'No validation loss to compare with training yet.';
  if (gap.state === 'too-few') return `Not enough evals to judge the gap yet (${gap.evals} of ${FEWEST_EVALS}).`;
  if (gap.state === 'val-below' || (gap.state === 'val-above' && judged)) return `${gapWords(explained)}; ${reasonWords(explained)}.`;
  const warning = faults.find(({ severity }) => severity === 'warning');
  if (warning) return asSentence(warning.text);
  if (explained.transient) return 'Validation loss was below training loss early on and no longer is; nothing to do.';
  if (gap.state === 'val-above') return `Validation loss is above training loss, as usual${gap.percent !== null && gap.percent < 0 ? ` (by ${amount(gap.d ?? 0)})` : ''}.`;
  return 'Validation and training loss agree.';
}

/** "Validation loss has been 23 % below training loss since epoch 4". */
export function gapWords({ gap, view, judged }: Explained): string {
  const side = gap.state === 'val-below' ? 'below' : 'above';
  const loss = view.metric === 'loss' ? 'loss' : view.metric === 'perplexity' ? 'loss (from perplexity)' : view.metric;
  const logged = judged?.causes[0]?.id === 'L2' && judged.causes[0].named ? 'the smoothed training' : 'training';
  return `Validation ${loss} has been ${amount(gap.d ?? 0)} ${side} ${logged} ${loss} since ${place(gap)}`;
}

/** How far apart: per cent, or "4 times" for large ratios. */
function amount(d: number): string {
  const ratio = Math.exp(Math.abs(d));
  if (d > 0) return d < 3 ? `${Math.round(percentBelow(d))} %` : `${figure(ratio)} times`;
  return ratio < 2 ? `${Math.round(100 * (ratio - 1))} %` : `${figure(ratio)} times`;
}

function place({ firedAt, curve }: Explained['gap']): string {
  const at = firedAt?.eval ?? 0;
  const epoch = curve.epoch[at];
  if (epoch !== null && epoch !== undefined) return `epoch ${figure(Math.round(epoch * 10) / 10)}`;
  const step = curve.step[at];
  return step !== null && step !== undefined ? `step ${step}` : `eval ${at}`;
}

/** "most likely expected: dropout=0.5", "most likely a data problem; ...". */
export function reasonWords({ judged }: Explained): string {
  if (!judged) return 'the cause is unknown';
  const [first] = judged.causes;
  const kind = judged.verdict.kind;
  if (kind === 'unclear') return unclearWords(judged.verdict);
  if (!first?.named) return `most likely ${verdictWords(kind)} (${familyWords(judged.families[0]?.family ?? '')})`;
  const key = keyWords(first.id, first.setting ?? null);
  return `most likely ${verdictWords(kind)}: ${first.name}${key}`;
}

function unclearWords({ between }: Verdict): string {
  return `it is unclear whether this is ${list((between ?? []).map(verdictWords), 'or')}`;
}

function familyWords(family: string): string {
  const words = new Map([
    ['lag', 'how the training curve is averaged'],
    ['handicap', 'training is made harder than validation'],
    ['objective', 'the two losses are not the same function'],
    ['scale', 'the two losses are scaled differently'],
    ['averaging', 'averaged weights are validated'],
    ['data', 'the two data sets differ'],
    ['naming', 'the names are mixed up'],
  ]);
  return words.get(family) ?? 'cause unknown';
}

function keyWords(id: string, setting: { key: string; value: unknown } | null): string {
  if (!setting || id.startsWith('D')) return '';
  if (Array.isArray(setting.value) || typeof setting.value === 'boolean') return ` (${setting.key})`;
  return ` (${setting.key}=${shown(setting.value)})`;
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
