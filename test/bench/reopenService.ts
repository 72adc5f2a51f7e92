/**
 * `<logs> <data folder>`: prints the CPU seconds from the opening of the service to the rows and the newest run's curves, and to the end of
 * reading; closes when all is diagnosed. Started by reopen.ts.
 */
import { keepCompiled } from '../../main/compiled.ts';
import type * as bareService from './bareService.ts';

const [, , logs = '', data = ''] = process.argv;
// As in main/service/start.ts.
keepCompiled(data);
void import('./bareService.ts').then(begin);

async function begin({ openBareService }: typeof bareService): Promise<void> {
  const before = process.cpuUsage();
  const passed = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  let look: () => void = () => undefined;
  const { service, request } = openBareService(data, () => look());
  const isRead = (): boolean => service.folders.views([]).some(({ state }) => state === 'ok');
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => void (isSo() && resolve());
      const waiting = setInterval(() => isSo() && (clearInterval(waiting), resolve()), 20);
    });

  let drawn = NaN;
  if (service.catalogue.isEmpty()) await request('addFolder', [logs]);
  else {
    await request('overview', []);
    const run = service.catalogue.runs().at(-1);
    if (run) await request('curves', [{ run: run.key, series: run.series.map(({ key }) => key), axis: 'step', pixels: 1000 }]);
    drawn = passed();
  }
  await until(isRead);
  const read = passed();
  await until(() => service.catalogue.runs().length === 500 && service.catalogue.runs().every(({ key }) => service.diagnosing.glance(key) !== null));
  await service.close();
  process.stdout.write(JSON.stringify({ drawn, read }));
  process.exit(0);
}
