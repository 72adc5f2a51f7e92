/** What is worth a desktop notification (reference section 6). The alert policy decides on repetition, muting and quiet hours. */
import type { Explained } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { gapWords, reasonWords, verdictWords } from './sentence.ts';

type Notice = Diagnosis['notify'][number];

/** Rules that say the numbers themselves are broken: the gap means nothing then. */
const SILENCING = new Set(['B1', 'B3']);
/** Causes that are a remark, never an alarm. */
const REMARKS = new Set(['L1', 'D5']);
/** A gap within this many standard errors of the validation set may be chance (reference section C, gate 1). */
const CHANCE_ERRORS = 2;

/** Notices for faults and for the gap; a dead run silences everything else (reference section 6.3). Expected gaps are recorded (`expected`), remarks and healthy runs give nothing. */
export function notices(explained: Explained): Notice[] {
  const dead = explained.faults.find(({ id, severity }) => id === 'B11' && severity === 'critical');
  if (dead) return [faultNotice(dead)];
  const faults = explained.faults.filter(({ severity }) => severity !== 'info').map(faultNotice);
  const silenced = explained.faults.some(({ id }) => SILENCING.has(id));
  const gap = silenced ? null : gapNotice(explained);
  return gap ? [...faults, gap] : faults;
}

function faultNotice(fault: Explained['faults'][number]): Notice {
  return {
    rule: fault.id,
    severity: fault.severity,
    title: capital(fault.name),
    body: fault.text,
    step: fault.at.step ?? null,
    expected: false,
  };
}

function gapNotice(explained: Explained): Notice | null {
  const { gap, judged } = explained;
  if (!judged || (gap.state !== 'val-below' && gap.state !== 'val-above')) return null;
  const [first] = judged.causes;
  if (first?.named && REMARKS.has(first.id)) return null;
  const { kind } = judged.verdict;
  const { zVal } = explained.evidence;
  const maybeChance = gap.state === 'val-below' && zVal !== null && Math.abs(zVal) < CHANCE_ERRORS;
  if (maybeChance && (kind === 'data' || kind === 'unclear')) return null;
  const expected = kind === 'expected';
  return {
    rule: gap.state,
    severity: expected ? 'info' : 'warning',
    title: title(explained, kind),
    body: `${gapWords(explained)}; ${reasonWords(explained)}.${first?.named && first.evidence[0] ? ` ${first.evidence[0]}` : ''}`,
    step: gap.firedAt?.step ?? null,
    expected,
    verdict: { kind, shares: judged.verdict.shares ?? {} },
    over: (gap.until ?? null) !== null,
  };
}

function title({ gap }: Explained, kind: 'expected' | 'bug' | 'data' | 'unclear'): string {
  const side = gap.state === 'val-below' ? 'below' : 'above';
  return kind === 'unclear' ? `Validation loss ${side} training loss` : `Validation loss ${side} training loss: ${verdictWords(kind)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
