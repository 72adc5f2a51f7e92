/** The service as a utility process of the app: a port, a clock and a data folder. */
import type { Events } from '../../preload/contract.ts';
import { systemClock } from './clock.ts';
import type { FromService, ToService } from './messages.ts';
import { openPages, type PagePort, type Pages } from './pages.ts';
import { openRequests } from './requests.ts';
import { openService, type Service } from './service.ts';

interface ParentPort {
  on(event: 'message', listener: (message: { data: ToService; ports: PagePort[] }) => void): void;
  postMessage(message: FromService): void;
}

const main = (process as unknown as { parentPort: ParentPort }).parentPort;
let service: Service | null = null;
let answer: ReturnType<typeof openRequests> | null = null;
let pages: Pages | null = null;

main.on('message', ({ data, ports }) => void receive(data, ports));

async function receive(message: ToService, ports: PagePort[]): Promise<void> {
  if (message.kind === 'open') open(message);
  else if (message.kind === 'request') {
    const { id, channel, args } = message;
    if (answer) main.postMessage({ kind: 'answer', id, answer: await answer(channel, args) });
  } else if (message.kind === 'page') for (const port of ports) pages?.add(port);
  else if (message.kind === 'resumed') service?.resumed();
  else {
    await service?.close();
    process.exit(0);
  }
}

function open({ dataFolder, version, examplesFolder, nvidiaSmi }: Extract<ToService, { kind: 'open' }>): void {
  service = openService({
    dataFolder,
    version,
    examplesFolder,
    nvidiaSmi,
    clock: systemClock,
    emit,
    notify: (notice) => main.postMessage({ kind: 'notice', notice }),
    onSettings: (settings) => main.postMessage({ kind: 'settings', settings }),
    onDamaged(sentence) {
      process.stderr.write(`gapwatch: ${sentence}\n`);
      // Main starts the service again, and opening sets the damaged file aside.
      process.exit(1);
    },
  });
  answer = openRequests(service);
  pages = openPages(answer);
  emit('banners', service.banners());
  main.postMessage({ kind: 'ready' });
}

/** Main has banners of its own and puts them together; everything else goes to the page straight, if there is one. */
function emit<K extends keyof Events>(event: K, payload: Events[K]): void {
  if (event !== 'banners' && pages?.tell(event, payload)) return;
  main.postMessage({ kind: 'event', event, payload } as FromService);
}
