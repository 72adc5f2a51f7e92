/** Labelled runs for the fit: the design corpus and runs made by scripts/corpus. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { readCorpusRuns } from './corpus.ts';
import { faultLabel } from './fault-labels.ts';
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

/** Several logs of one training tell more than one does, and less than as many trainings. */
const WEIGHT_OF_ALL_VIEWS = 1.5;

/** Runs made by scripts/corpus (JSON lines, also compressed), each shown as `views` kinds of log. */
export function readMade(files: readonly string[], views = 1): Labelled[] {
  return files.filter(existsSync).flatMap((file) =>
    (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file))
      .toString('utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .flatMap((line) => {
        const made = parsedRun(line);
        return Array.from({ length: views }, (_, view) => labelledAs(made, view, WEIGHT_OF_ALL_VIEWS / views));
      }),
  );
}

/** Python writes NaN and infinities as words; a loss that is neither is NaN here, like one that was never finite. */
function parsedRun(line: string): MadeRun {
  const made = JSON.parse(line.replaceAll('NaN', 'null').replaceAll('-Infinity', 'null').replaceAll('Infinity', 'null')) as MadeRun;
  const known = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? NaN);
  const evals = made.evals.map((row) => row.map((value, i) => (i === 2 || i === 4 ? value : (value ?? NaN))) as MadeRun['evals'][number]);
  return { ...made, evals, steps: known(made.steps), grad: known(made.grad) };
}

function labelledAs(made: MadeRun, view: number, weight: number): Labelled {
  const shown = shownAs(made, view);
  const { truth, task, kind, injected, contributions } = made;
  const id = `m${made.seed}${view > 0 ? `.${view}` : ''}`;
  const found = effective(made);
  const label = faultLabel(made, shown);
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
    faults: label.faults,
    faultsAllowed: label.allowed,
    made: { run: made, shown },
  };
}
