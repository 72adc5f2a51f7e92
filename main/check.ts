/** `gapwatch check`: apart from the other commands, which have no use for the third of the program that diagnoses. */
import { basename } from 'node:path';
import { print, withFolder, type Of } from './commands.ts';
import { diagnoseAll } from './service/diagnoseAll.ts';
import { inputOf } from './service/diagnosedRun.ts';
import type { Diagnosis } from './service/diagnose/diagnosis.ts';
import { finiteOrString } from './service/json.ts';
import { reportDocument, reportRun } from './service/report.ts';
import type { Run } from './service/runs/catalogue.ts';
import { runName } from './service/runs/naming.ts';
import { stateOf } from './service/runs/rows.ts';

/** Prints the diagnosis of every run of a folder. */
export async function check({ folder, json, dataFolder }: Of<'check'>): Promise<void> {
  await withFolder(folder, dataFolder, async ({ root, runs, store, problems }) => {
    const now = Date.now();
    const diagnoses = diagnoseAll(runs, (run) => inputOf(run, store, now));
    const reports = runs.map((run, at) => ({ run, name: runName(run, basename(root)), state: stateOf(run, now), diagnosis: diagnoses[at] as Diagnosis }));
    if (json) {
      const document = reportDocument(root, reports.map(({ run, name, state, diagnosis }) => reportRun(run, name, state, diagnosis)), problems);
      await print(`${JSON.stringify(document, finiteOrString, 1)}\n`);
    } else await print(reports.map(({ run, diagnosis }) => plainReport(run, diagnosis)).join('\n') || 'No training log was found.\n');
  });
}

function plainReport(run: Run, diagnosis: Diagnosis): string {
  const lines = [`${run.folder}: ${diagnosis.sentence}`];
  for (const cause of diagnosis.causes.filter(({ named }) => named)) lines.push(`  ${cause.name} (${Math.round(cause.probability * 100)} %): ${cause.evidence.join(' ')}`);
  for (const fault of diagnosis.faults) lines.push(`  ${fault.severity}: ${fault.text}`);
  return `${lines.join('\n')}\n`;
}
