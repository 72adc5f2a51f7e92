/** The service as benchmarks and killed processes open it: nothing of the machine is watched, nothing is notified, damage is an error. */
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService, type Service, type ServiceOptions } from '../../main/service/service.ts';

export interface BareService {
  service: Service;
  request: ReturnType<typeof openRequests>;
}

export function openBareService(dataFolder: string, emit: ServiceOptions['emit']): BareService {
  const service = openService({
    dataFolder,
    version: '0',
    examplesFolder: '',
    nvidiaSmi: '',
    clock: systemClock,
    emit,
    notify: () => undefined,
    onSettings: () => undefined,
    onDamaged(sentence) {
      throw new Error(sentence);
    },
  });
  return { service, request: openRequests(service) };
}
