/** Labelled runs for the fit: the design corpus and runs made by scripts/corpus. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { readCorpusRuns } from './corpus.ts';
import { runInputOf, shownAs, type MadeRun, type Shown } from './fit-runs.ts';
import type { Truth } from './fit-samples.ts';
import type { RunInput } from '../../main/service/diagnose/input.ts';

export interface Labelled {
  id: string;
  task: string;
  kind: string;
  run: RunInput;
  anomalous: boolean;
  direction: 'val-below' | 'val-above' | 'none';
  ambiguous: boolean;
  clear: boolean;
  onsetEval: number | null;
  injected: string[];
  truth: Truth | null;
  distractor: boolean;
  /** Faults that must be found, and those that may be found as well. */
  faults: { id: string }[];
  faultsAllowed: string[];
  made: { run: MadeRun; shown: Shown } | null;
}

const byId = new Map(causes.map((cause) => [cause.id, cause]));
/** Leakage shows only together with dropout and cannot be told from it: it is learned with a smaller share. */
const LEAK_SHARE = 0.3;

function truthOf(id: string, task: string, found: readonly string[], contributions: Record<string, number> | null, weight: number): Truth {
  const shares = new Map<string, number>();
  for (const cause of found) {
    const share = contributions ? Math.max(contributions[cause] ?? 0, 0.02) : 1;
    shares.set(cause, share * (cause === 'D3' ? LEAK_SHARE : 1));
  }
  const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
  for (const [cause, share] of shares) shares.set(cause, share / total);
  const of = (key: 'verdict' | 'family'): string[] => [...new Set(found.map((cause) => byId.get(cause)?.[key] ?? ''))];
  return { id, task, causes: shares, verdicts: of('verdict'), families: of('family'), weight };
}

interface DesignLabel {
  id: string;
  task: string;
  kind: string;
  injected: string[];
  causes: string[];
  contributions: Record<string, number> | null;
  verdictsAccepted: string[];
  familiesAccepted: string[];
  distractor: object | null;
  faults: { id: string }[];
  faultsAllowed: string[];
  gap: { anomalous: boolean; direction: 'val-below' | 'val-above' | 'none'; ambiguous: boolean; clear: boolean; onsetEval: number | null };
}

/** Runs of a corpus folder with labels.json. */
export async function readCorpus(folder: string, labels = join(folder, 'labels.json')): Promise<Labelled[]> {
  const inputs = await readCorpusRuns(folder);
  const { runs } = JSON.parse(readFileSync(labels, 'utf8')) as { runs: DesignLabel[] };
  return runs.flatMap((label) => {
    const run = inputs.get(label.id);
    if (!run) return [];
    const { gap } = label;
    const below = gap.anomalous && gap.direction === 'val-below';
    const truth = below ? truthOf(label.id, label.task, label.causes, label.contributions, 1) : null;
    if (truth) Object.assign(truth, { verdicts: label.verdictsAccepted, families: label.familiesAccepted });
    return { ...label, ...gap, run, truth, distractor: label.distractor !== null, made: null };
  });
}

/** Causes of a made run that have a visible effect, strongest first. */
function effective(run: MadeRun): string[] {
  const shares = run.contributions;
  if (!shares) return run.injected;
  const names = Object.keys(shares).filter((cause) => (shares[cause] ?? 0) >= 0.03);
  const all = names.length > 0 ? names : run.injected;
  return all.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0));
}

/** What a run may have besides: small runs overfit, level off and wander at the end whatever was done to them. */
const ALLOWED = ['B2', 'B3', 'B4', 'B5', 'B6', 'B8', 'B10', 'B16'];
const FAULTS: Record<string, string> = { nan: 'B1', frozen: 'B7', slow: 'B9' };
const OVERFIT_RISE = 1.1;

/** True when the last train loss is still about that of guessing: whatever was done to the run, it may be said. */
function hardlyLearns({ evals, K }: MadeRun): boolean {
  return K !== null && (evals.at(-1)?.[1] ?? 0) > 0.9 * Math.log(K);
}

function breaks({ evals }: MadeRun): boolean {
  return evals.some((row) => row[1] === null || row[3] === null);
}

/** Faults of a made run that must be found: by effect where the injection may fail to have one. */
function faultsOf({ options, evals, kind }: MadeRun): { id: string }[] {
  const fault = String(options['fault'] ?? '');
  if (FAULTS[fault]) return [{ id: FAULTS[fault] }];
  const losses = evals.map((row) => row[3]);
  const last = losses.slice(-3).reduce((sum, loss) => sum + loss, 0) / 3;
  return kind === 'overfit' && last > OVERFIT_RISE * Math.min(...losses) ? [{ id: 'B5' }] : [];
}

/** Several logs of one training tell more than one does, and less than as many trainings. */
const WEIGHT_OF_ALL_VIEWS = 1.5;

/** Runs made by scripts/corpus, each shown as `views` kinds of log. */
export function readMade(files: readonly string[], views = 1): Labelled[] {
  return files.filter(existsSync).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .flatMap((line) => {
        const made = JSON.parse(line.replaceAll('NaN', 'null').replaceAll('Infinity', 'null')) as MadeRun;
        return Array.from({ length: views }, (_, view) => labelledAs(made, view, WEIGHT_OF_ALL_VIEWS / views));
      }),
  );
}

function labelledAs(made: MadeRun, view: number, weight: number): Labelled {
  const shown = shownAs(made, view);
  const { truth, task, kind, injected, contributions } = made;
  const id = `m${made.seed}${view > 0 ? `.${view}` : ''}`;
  const found = effective(made);
  const below = truth.anomalous && truth.direction === 'val-below' && found.length > 0;
  return {
    ...truth,
    id,
    task,
    kind,
    injected,
    run: runInputOf(made, shown),
    truth: below ? truthOf(id, task, found, contributions, weight) : null,
    distractor: made.options['distractor'] !== undefined,
    faults: faultsOf(made),
    faultsAllowed: [...ALLOWED, ...(hardlyLearns(made) ? ['B7', 'B9'] : []), ...(breaks(made) ? ['B1'] : [])],
    made: { run: made, shown },
  };
}
