import type { Clock } from '../clock.ts';
import type { Sample } from './sample.ts';

/** While nothing happens one sample of a device in so many milliseconds is kept: an idle machine fills no disk. */
const IDLE_MS = 10_000;

/**
 * Decides what is kept: everything while something `happens` on any device and for ten seconds after, else one sample of each device in
 * ten seconds.
 */
export function thinner(clock: Clock, happens: (sample: Sample) => boolean): (samples: Sample[]) => Sample[] {
  const keptAt = new Map<string, number>();
  let happenedAt = Number.NEGATIVE_INFINITY;
  return (samples) => {
    const now = clock.steady();
    if (samples.some(happens)) happenedAt = now;
    const lively = now - happenedAt < IDLE_MS;
    return samples.filter(({ device }) => {
      if (!lively && now - (keptAt.get(device) ?? Number.NEGATIVE_INFINITY) < IDLE_MS) return false;
      keptAt.set(device, now);
      return true;
    });
  };
}
