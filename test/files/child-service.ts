/**
 * The whole service in a process of its own, for tests that kill it. Says the kind of each event as a line of JSON.
 *
 *   node child-service.ts <path of gapwatch.db> <folder>...
 */
import { dirname } from 'node:path';
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService } from '../../main/service/service.ts';

const [database = '', ...folders] = process.argv.slice(2);
const say = (kind: string): boolean => process.stdout.write(`${JSON.stringify({ kind })}\n`);
const service = openService({
  dataFolder: dirname(database),
  version: '0',
  examplesFolder: '',
  nvidiaSmi: '',
  clock: systemClock,
  emit: (event) => say(event),
  notify: () => say('notice'),
  onSettings: () => undefined,
  onDamaged: (sentence) => {
    throw new Error(sentence);
  },
});
const request = openRequests(service);
for (const folder of folders) await request('addFolder', [folder]);
process.stdin.on('end', () => void service.close());
process.stdin.resume();
