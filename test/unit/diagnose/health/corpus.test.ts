/** The rules on real runs: faults are found, healthy runs are left in peace, and a replay says what the batch says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildView } from '../../../../main/service/diagnose/build-view.ts';
import type { Fault } from '../../../../main/service/diagnose/diagnosis.ts';
import { healthRules } from '../../../../main/service/diagnose/health/index.ts';
import type { RunInput } from '../../../../main/service/diagnose/input.ts';
import { remedy } from '../../../../main/service/diagnose/remedies.ts';
import { readCorpusRuns } from '../../../bench/corpus.ts';
import { upTo } from '../../../bench/replay.ts';

interface Label {
  id: string;
  kind: string;
  format: string;
  task: string;
  faults: { id: string; step: number }[];
  faultsAllowed: string[];
}

const folder = fileURLToPath(new URL('../../../fixtures/health/', import.meta.url));
const labels = (JSON.parse(readFileSync(`${folder}labels.json`, 'utf8')) as { runs: Label[] }).runs;
const runs = await readCorpusRuns(folder);

function faultsOf(run: RunInput): Fault[] {
  const view = buildView(run);
  return healthRules.flatMap((rule) => {
    const result = rule.check(view);
    return 'faults' in result ? result.faults : [];
  });
}

const named = labels.map((label): [string, Label] => [`${label.id} ${label.kind} ${label.task} ${label.format}`, label]);

describe('health rules on real runs', () => {
  it.each(named)('%s: what must be found is found, nothing else is', (_, { id, faults, faultsAllowed }) => {
    const found = faultsOf(runs.get(id)!).map((fault) => fault.id);
    const due = faults.map((fault) => fault.id);
    expect(found).toEqual(expect.arrayContaining(due));
    expect(found.filter((one) => !due.includes(one) && !faultsAllowed.includes(one))).toEqual([]);
  });

  it.each(named.filter(([, { kind }]) => kind === 'healthy' || kind === 'lag'))('%s: not a warning at any eval of its life', (_, label) => {
    const allowed = [...label.faultsAllowed, ...label.faults.map((fault) => fault.id)];
    for (const run of lives(runs.get(label.id)!)) {
      const loud = faultsOf(run).filter(({ id, severity }) => severity !== 'info' && !allowed.includes(id));
      expect(loud.map(({ text }) => text)).toEqual([]);
    }
  });

  it.each(named.filter(([, { kind }]) => kind === 'fault'))('%s: what has been found stays where it was found', (_, { id }) => {
    const places = new Map<string, string>();
    for (const run of lives(runs.get(id)!)) {
      const found = faultsOf(run);
      for (const fault of found) {
        if (fault.id !== 'B1' && fault.id !== 'B2') continue;
        const before = places.get(fault.id);
        if (before !== undefined) expect(JSON.stringify(fault.at)).toBe(before);
        places.set(fault.id, JSON.stringify(fault.at));
      }
      for (const seen of places.keys()) expect(found.some((fault) => fault.id === seen)).toBe(true);
    }
    for (const fault of faultsOf(runs.get(id)!)) if (places.has(fault.id)) expect(JSON.stringify(fault.at)).toBe(places.get(fault.id));
  });

  it('reads the same whether the later points exist or not', () => {
    const run = runs.get('r0344')!;
    const [half] = [lives(run)[20]!];
    const copy: RunInput = { ...half, series: half.series.map((series) => ({ ...series, value: series.value.slice() })) };
    expect(faultsOf(copy)).toEqual(faultsOf(half));
  });

  it('names only remedies that exist, and speaks in whole sentences', () => {
    for (const run of runs.values()) {
      for (const fault of faultsOf(run)) {
        expect(fault.remedies.filter((id) => remedy(id) === null)).toEqual([]);
        expect(fault.text).toMatch(/^[A-Za-z_].*\.$/);
        expect(fault.text).not.toMatch(/undefined|null|Infinity %/);
      }
    }
  });
});

/** The run as it stood at each of its evals. */
function lives(run: RunInput): RunInput[] {
  const { evals, axis } = buildView(run);
  return Array.from(evals.at.subarray(2), (end) => upTo(run, axis, end));
}
