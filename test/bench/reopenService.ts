/**
 * `<logs> <data folder> <folder for compiled code>`: prints the CPU seconds, of the process and of its own thread, from the opening of the service to what a window shows
 * first (the top of its list and the newest run's curves, asked for as renderer/state/app.svelte.ts does), to all rows, and to the end of
 * reading; closes when all is diagnosed. Started by reopen.ts.
 */
import { keepCompiled } from '../../main/compiled.ts';
import type * as bareService from './bareService.ts';

const [, , logs = '', data = '', compiled = ''] = process.argv;
// As in main/service/start.ts; in the app both folders are one.
keepCompiled(compiled);
void import('./bareService.ts').then(begin);

async function begin({ openBareService }: typeof bareService): Promise<void> {
  const before = { process: process.cpuUsage(), thread: process.threadCpuUsage() };
  const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
  const passed = () => ({ process: seconds(process.cpuUsage(before.process)), thread: seconds(process.threadCpuUsage(before.thread)) });
  let look: () => void = () => undefined;
  const { service, request } = openBareService(data, () => look());
  const isRead = (): boolean => service.folders.views([]).some(({ state }) => state === 'ok');
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => void (isSo() && resolve());
      const waiting = setInterval(() => isSo() && (clearInterval(waiting), resolve()), 20);
    });

  let [drawn, listed] = [{ process: NaN, thread: NaN }, { process: NaN, thread: NaN }];
  if (service.catalogue.isEmpty()) await request('addFolder', [logs]);
  else {
    const run = service.catalogue.runs().at(-1);
    await request('newest', [{ count: 60, open: run?.key ?? null }]);
    if (run) await request('curves', [{ run: run.key, series: run.series.map(({ key }) => key), axis: 'step', pixels: 1000 }]);
    drawn = passed();
    await request('overview', []);
    listed = passed();
  }
  await until(isRead);
  const read = passed();
  await until(() => service.catalogue.runs().length === 500 && service.catalogue.runs().every(({ key }) => service.diagnosing.glance(key) !== null));
  await service.close();
  process.stdout.write(JSON.stringify({ drawn: drawn.process, drawnThread: drawn.thread, listed: listed.process, read: read.process, readThread: read.thread }));
  process.exit(0);
}
