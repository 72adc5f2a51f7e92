/** Where the script of a worker thread lies: as source beside this file, or built, beside the bundle of the service. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCES = { 'disk-worker': './watch/disk-worker.ts', 'diagnosis-worker': './diagnosisWorker.ts' };

/** Path of the script. Throws where it was not built: nobody would know why what it does is not done. */
export function workerScript(name: keyof typeof SOURCES): string {
  // The last one from the bundle of main, where the packaged app carries out commands.
  const places = [SOURCES[name], `./${name}.cjs`, `../service/${name}.cjs`];
  const found = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) => existsSync(place));
  if (found === undefined) throw new Error(`The script ${name} is not part of this build.`);
  return found;
}
