/** Reporting rules (reference section 5): what may be stated, and what is only one of several. */
import type { Cause as Reported, Verdict, VerdictKind } from './diagnosis.ts';
import type { Scored } from './score.ts';

/** A verdict is stated from this probability on. */
const STATED = 0.7;
/** A cause is named from this one on, and only with configuration, probe or a unique signature behind it. */
const NAMED = 0.5;
/** Causes below this are not listed, beyond the first three. */
const LISTED = 0.2;
const FEWEST_LISTED = 3;
/** A verdict that is less probable than this is no alternative. */
const ALTERNATIVE = 0.15;
const BY_SHAPE = 'Ranked by the course of the curves alone: nothing in these logs speaks for it in particular.';

export interface Judged {
  verdict: Verdict;
  causes: Reported[];
  /** Sum of the probabilities of a family's causes, the most probable first. */
  families: { family: string; probability: number }[];
}

/** Verdict, families and causes from scored causes. */
export function judge(scored: readonly Scored[]): Judged {
  const open = scored.filter(({ vetoed }) => vetoed === null);
  const kinds = sums(open, ({ cause }) => cause.verdict);
  const families = sums(open, ({ cause }) => cause.family).map(([family, probability]) => ({ family, probability }));
  return { verdict: verdictOf(kinds), causes: open.filter(worthListing).map(reported), families };
}

function sums<K extends string>(open: readonly Scored[], key: (each: Scored) => K): [K, number][] {
  const totals = new Map<K, number>();
  for (const each of open) totals.set(key(each), (totals.get(key(each)) ?? 0) + each.probability);
  return [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function verdictOf(kinds: [Exclude<VerdictKind, 'unclear'>, number][]): Verdict {
  const [first, ...rest] = kinds;
  if (!first) return { kind: 'unclear', probability: 0 };
  const [kind, probability] = first;
  const shares = Object.fromEntries(kinds);
  if (probability >= STATED) return { kind, probability, leading: kind, shares };
  const between = [kind, ...rest.filter(([, p]) => p >= ALTERNATIVE).map(([other]) => other)];
  return { kind: 'unclear', probability, between, leading: kind, shares };
}

function worthListing({ probability }: Scored, at: number): boolean {
  return at < FEWEST_LISTED || probability >= LISTED;
}

function reported({ cause, of, probability }: Scored): Reported {
  const evidence = cause.evidence(of);
  const shown = Math.min(probability, cause.cap ?? 1);
  return {
    id: cause.id,
    name: cause.name,
    family: cause.family,
    probability: shown,
    evidence: evidence.length > 0 ? evidence : [BY_SHAPE],
    against: cause.against(of),
    confirm: cause.confirm,
    remedies: [...cause.remedies],
    named: shown >= NAMED && mayBeNamed(cause, of),
    ...(of.config.state === 'on' && of.config.setting ? { setting: of.config.setting } : {}),
  };
}

/** Configuration, probe or a nearly unique signature must stand behind a name; causes that look like their siblings need more. */
function mayBeNamed(cause: Scored['cause'], of: Scored['of']): boolean {
  if (cause.namedBy === 'never') return false;
  if (of.config.state === 'on') return true;
  return cause.namedBy !== 'setting' && (of.dataShare !== null || (cause.unique?.(of) ?? false));
}
