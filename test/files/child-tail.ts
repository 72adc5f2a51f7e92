/**
 * Follows folders in a process of its own, for tests that kill it, starve it or let its disk hang. Says each event as a line of JSON.
 *
 *   node child-tail.ts <database> <user id, 0: as it is> <folder>...
 */
import { openStore } from '../../main/service/store/open.ts';
import * as registry from '../../main/service/formats/registry.ts';
import { openTail } from '../../main/service/tail/tail.ts';
import { formatById, recognise } from './number-formats.ts';

const [database = '', user = '0', ...folders] = process.argv.slice(2);
if (user !== '0') {
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}

/** How long the thread was kept from other work: the processor's time, as the turns of other programs are not ours. */
const used = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
let longestMs = 0;
let usedMs = used();
setInterval(() => {
  longestMs = Math.max(longestMs, used() - usedMs);
  usedMs = used();
}, 5).unref();

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
const store = openStore(database);
const tail = openTail({
  store,
  recognise: (probe) => recognise(probe) ?? registry.recognise(probe),
  formatById: (id) => formatById(id) ?? registry.formatById(id),
  onEvent: (event) => say({ ...event, path: 'path' in event ? event.path : undefined, stored: store.totals().points }),
});
for (const folder of folders) tail.follow(store.addRoot(folder));

process.stdin.on('data', (command) => {
  if (String(command).trim() === 'usage') say({ kind: 'usage', maxRssKiB: process.resourceUsage().maxRSS, longestMs });
});
process.stdin.on('end', () => {
  const stuck = tail.stuck();
  void tail.close().then(() => {
    store.close();
    say({ kind: 'closed' });
    if (stuck) process.kill(process.pid, 'SIGKILL');
  });
});

