/** The service as a utility process of the app: a port, a clock and a data folder. */
import type { Events } from '../../preload/contract.ts';
import { systemClock } from './clock.ts';
import type { FromService, ToService } from './messages.ts';
import { openRequests } from './requests.ts';
import { openService, type Service } from './service.ts';

interface ParentPort {
  on(event: 'message', listener: (message: { data: ToService }) => void): void;
  postMessage(message: FromService): void;
}

const port = (process as unknown as { parentPort: ParentPort }).parentPort;
let service: Service | null = null;
let answer: ReturnType<typeof openRequests> | null = null;

port.on('message', ({ data }) => void receive(data));

async function receive(message: ToService): Promise<void> {
  if (message.kind === 'open') open(message);
  else if (message.kind === 'request') {
    const { id, channel, args } = message;
    if (answer) port.postMessage({ kind: 'answer', id, answer: await answer(channel, args) });
  } else if (message.kind === 'resumed') service?.resumed();
  else {
    await service?.close();
    port.postMessage({ kind: 'closed' });
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
    emit: <K extends keyof Events>(event: K, payload: Events[K]) => port.postMessage({ kind: 'event', event, payload } as FromService),
    notify: (notice) => port.postMessage({ kind: 'notice', notice }),
    onSettings: (settings) => port.postMessage({ kind: 'settings', settings }),
    onDamaged(sentence) {
      process.stderr.write(`gapwatch: ${sentence}\n`);
      // Main starts the service again, and opening sets the damaged file aside.
      process.exit(1);
    },
  });
  answer = openRequests(service);
  port.postMessage({ kind: 'ready' });
}
