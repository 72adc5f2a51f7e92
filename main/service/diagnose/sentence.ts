/** The one sentence on top of the run view. */
import type { Explained } from './diagnose.ts';
import type { Verdict, VerdictKind } from './diagnosis.ts';
import { FEWEST_EVALS } from './watch-gap.ts';
import { epochFigure, figure, list, percentBelow, shown, stepFigure } from './words.ts';

const VERDICT_WORDS: Record<VerdictKind, string> = {
  expected: 'expected',
  bug: 'a measurement bug',
  data: 'a data problem',
  unclear: 'unclear',
};

/** Causes that are known by a rate: "dropout 0.5". */
const RATES = new Set(['H1', 'H3', 'O1']);

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
  if (gap.state === 'val-below' || (gap.state === 'val-above' && judged)) return `${gapWords(explained)}; ${reasonWords(explained)}${seedWords(explained)}.`;
  const warning = faults.find(({ severity }) => severity === 'warning');
  if (warning) return asSentence(warning.text);
  if (explained.transient) return 'Validation loss was below training loss early on and no longer is; nothing to do.';
  if (explained.lagOnly !== null)
    return (
      `Validation only looks ${Math.round(percentBelow(explained.lagOnly))} % lower: the train curve is an ` +
      'average over the past logging window. Moved half a window earlier, the curves agree.'
    );
  if (gap.state === 'val-above') return `Validation loss is ${amount(gap.now?.d ?? gap.d ?? 0, 'training loss')}, as is usual.`;
  return 'Validation and training loss agree.';
}

/** A gap that is now this much (in nats, and as a share) away from its mean is said with both numbers. */
const CHANGED = 0.1;
const CHANGED_SHARE = 0.3;

/**
 * "Validation loss has been 23 % below training loss since epoch 4"; if it has changed, "... on average since epoch 4 (6 % above over
 * the last 8 evals)"; if it is over, "was ... from epoch 4 to epoch 20 and no longer is".
 */
export function gapWords({ gap, view, judged }: Explained): string {
  const loss = view.metric === 'loss' ? 'loss' : view.metric === 'perplexity' ? 'loss (from perplexity)' : view.metric;
  const logged = judged?.causes[0]?.id === 'L2' && judged.causes[0].named ? 'the smoothed training' : 'training';
  const since = placeWords(gap.since ?? gap.firedAt ?? null);
  const much = amount(gap.d ?? 0, `${logged} ${loss}`);
  if (gap.until) return `Validation ${loss} was ${much} from ${since} to ${placeWords(gap.until)} and no longer is`;
  const now = changedWords(gap);
  return `Validation ${loss} has been ${much}${now ? ' on average' : ''} since ${since}${now}`;
}

/** " (28 % below over the last 8 evals)" where the gap is now clearly another than its mean, else nothing. */
function changedWords({ d, now }: Explained['gap']): string {
  if (d === null || !now) return '';
  const away = Math.abs(now.d - d);
  return away > CHANGED && away > CHANGED_SHARE * Math.abs(d) ? ` (${amount(now.d, '').trim()} over the last ${now.evals} evals)` : '';
}

/** "23 % below training loss", "4.1 times training loss". */
function amount(d: number, training: string): string {
  const ratio = Math.exp(Math.abs(d));
  if (d > 0) return ratio < 20 ? `${Math.round(percentBelow(d))} % below ${training}` : `${figure(ratio)} times smaller than ${training}`;
  return ratio < 2 ? `${Math.round(100 * (ratio - 1))} % above ${training}` : `${figure(ratio)} times ${training}`;
}

function placeWords(at: { eval: number; step: number | null; epoch: number | null } | null): string {
  if (at?.epoch !== null && at?.epoch !== undefined) return `epoch ${epochFigure(at.epoch)}`;
  return at?.step !== null && at?.step !== undefined ? `step ${stepFigure(at.step)}` : `eval ${at?.eval ?? 0}`;
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

/** Reference section 6.4: said with the gap, because it takes most of the weight from it. */
function seedWords({ evidence }: Explained): string {
  return evidence.seeds?.reproducible === false ? `; not reproducible across ${evidence.seeds.runs} seeds` : '';
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
  if (typeof setting.value === 'number' && RATES.has(id)) return ` ${shown(setting.value)}`;
  if (Array.isArray(setting.value) || typeof setting.value === 'boolean') return ` (${setting.key})`;
  return ` (${setting.key}=${shown(setting.value)})`;
}

function asSentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
