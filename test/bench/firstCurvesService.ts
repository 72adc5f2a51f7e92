/**
 * `<logs> <data folder> <folder for compiled code>`: a service on an empty data folder that says when it can draw, and closes when it is
 * asked to. It says so by one call: Node's stream for the standard output, which the app's service has no use for, takes 5 ms to open. Started by
 * firstCurves.ts.
 */
import { writeSync } from 'node:fs';
import { keepCompiled } from '../../main/compiled.ts';
import type * as bareService from './bareService.ts';

// As in main/service/start.ts; in the app both folders are one.
keepCompiled(process.argv[4] ?? '');
void import('./bareService.ts').then(begin);

async function begin({ openBareService }: typeof bareService): Promise<void> {
  const [, , logs = '', data = ''] = process.argv;
  let look: () => void = () => undefined;
  const { service, request } = openBareService(data, () => look());
  look = () => {
    const [run] = service.catalogue.runs();
    const [series] = run?.series ?? [];
    if (!run || !series) return;
    look = () => undefined;
    void request('curves', [{ run: run.key, series: [series.key], axis: 'step', pixels: 1000 }]).then(() => writeSync(1, 'drawn\n'));
  };
  process.once('SIGTERM', () => void service.close().then(() => process.exit(0)));
  await request('addFolder', [logs]);
  setInterval(() => look(), 5);
}
