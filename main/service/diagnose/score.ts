/** From evidence to probabilities (reference section 5): a score in nats for each cause, vetoes, softmax, caps. */
import type { Case, Cause, Term } from './causes/cause.ts';
import { activityOf, type Activity } from './causes/keys.ts';
import { shapeTerms } from './causes/shape-terms.ts';
import type { Evidence } from './evidence.ts';
import { evaluatedAlike } from './frameworks.ts';
import { plainKey } from './settings.ts';
import type { View } from './view.ts';
import { TEMPERATURES, WEIGHTS } from './weights.ts';

/** How strongly a trainer's default counts, next to a setting that says so. */
const BY_DEFAULT = 0.7;

export interface Scored {
  cause: Cause;
  of: Case;
  score: number;
  probability: number;
  /** Why it cannot be; its probability is then 0. */
  vetoed: string | null;
}

/** Every term of a cause: its own, then the shared ones that it does not define itself. */
export function termsOf(cause: Cause): Term[] {
  const own = new Set(cause.terms.map(({ id }) => id));
  return [...cause.terms, ...shapeTerms.filter(({ id }) => !own.has(id))];
}

/** Scores every cause. The order of `causes` makes no difference; equal probabilities are ordered by id. */
export function scoreCauses(evidence: Evidence, causes: readonly Cause[]): Scored[] {
  const activities = new Map(causes.map((cause) => [cause, activityIn(evidence.view, cause)]));
  const scored = causes.map((cause) => scoreOne(evidence, cause, activities));
  const open = scored.filter(({ vetoed }) => vetoed === null);
  const temperature = TEMPERATURES[evidenceAtHand(evidence)];
  const highest = open.reduce((best, { score }) => Math.max(best, score), -Infinity);
  for (const each of open) each.probability = Math.exp((each.score - highest) / temperature) * byChance(each.cause, evidence);
  const total = open.reduce((sum, { probability }) => sum + probability, 0);
  for (const each of open) each.probability /= total;
  return scored.sort((a, b) => b.probability - a.probability || (a.cause.id < b.cause.id ? -1 : 1));
}

/** Reference section 6.4: what one seed's split shows and the others do not is half as likely to be in the data. */
function byChance({ verdict }: Cause, { seeds }: Evidence): number {
  return verdict === 'data' && seeds?.reproducible === false ? 0.5 : 1;
}

/** Which of configuration and probe the run has: it decides how sure a score makes. */
function evidenceAtHand({ view, probe }: Evidence): keyof typeof TEMPERATURES {
  if (view.settings.known) return probe ? 'both' : 'config';
  return probe ? 'probe' : 'curves';
}

function scoreOne(evidence: Evidence, cause: Cause, activities: ReadonlyMap<Cause, Activity>): Scored {
  const of: Case = {
    ...evidence,
    config: activities.get(cause) ?? activityIn(evidence.view, cause),
    switchedOn: switchedOnBeside(cause, evidence, activities),
  };
  const vetoed = semanticVeto(of, cause) ?? cause.veto?.(of) ?? null;
  let score = 0;
  for (const term of termsOf(cause)) score += (WEIGHTS.get(cause.id)?.get(term.id) ?? 0) * term.value(of);
  return { cause, of, score, probability: 0, vetoed };
}

/** Strongest setting of another cause that makes a gap wherever it is on and that is not ruled out. */
function switchedOnBeside(cause: Cause, { view }: Evidence, activities: ReadonlyMap<Cause, Activity>): number {
  let strongest = 0;
  for (const [other, { state, strength, setting }] of activities) {
    const tells = other.telltale ?? (other.family === 'handicap' || other.family === 'objective');
    if (other === cause || state !== 'on' || !tells) continue;
    if (semanticVeto({ view, config: { state, strength, setting } }, other) !== null) continue;
    strongest = Math.max(strongest, strength);
  }
  return strongest;
}

/** What the configuration says, or else what the trainer does by default. */
function activityIn({ settings, framework }: View, cause: Cause): Activity {
  const activity = activityOf(settings, cause.keys);
  const said = activity.state === 'silent' || activity.state === 'unknown' ? framework?.onByDefault.get(cause.id) : undefined;
  return said === undefined ? activity : { state: 'on', setting: null, strength: BY_DEFAULT, byDefault: said };
}

/** Reference section 1: what the trainer's losses are rules causes out. */
function semanticVeto({ view, config }: Pick<Case, 'view' | 'config'>, cause: Cause): string | null {
  if (view.trainMeaning === 'evaluation' && evaluatedAlike.has(cause.id))
    return 'the train loss is itself measured in evaluation mode, like validation';
  const veto = view.framework?.vetoes.find((each) => each.cause === cause.id);
  if (!veto) return null;
  const own = veto.unlessKey && config.setting && config.strength > 0 && veto.unlessKey.test(plainKey(config.setting.key));
  return own ? null : veto.why;
}
