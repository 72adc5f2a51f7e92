/** `<logs> <data folder>`: a service on an empty data folder that says when it can draw. Started by firstCurves.ts. */
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService } from '../../main/service/service.ts';

const [, , logs = '', data = ''] = process.argv;
let look: () => void = () => undefined;
const service = openService({
  dataFolder: data,
  version: '0',
  examplesFolder: '',
  nvidiaSmi: '',
  clock: systemClock,
  emit: () => look(),
  notify: () => undefined,
  onSettings: () => undefined,
  onDamaged: (sentence) => {
    throw new Error(sentence);
  },
});
const request = openRequests(service);
look = () => {
  const [run] = service.catalogue.runs();
  const [series] = run?.series ?? [];
  if (!run || !series) return;
  look = () => undefined;
  void request('curves', [{ run: run.key, series: [series.key], axis: 'step', pixels: 1000 }]).then(() => process.stdout.write('drawn\n'));
};
await request('addFolder', [logs]);
setInterval(() => look(), 5);
