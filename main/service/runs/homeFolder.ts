/** The folder to which a file belongs by its path and format alone: writers have folders of their own below it. */
import type { Grouped } from './group.ts';

/** Formats of which one file holds many runs: a run's source is called `<file>#<run>`, the file itself is a source without points. */
const DATABASES: ReadonlySet<string> = new Set(['mlflow-db', 'trackio']);

/** Folders in the folder of a run: MMEngine's curves, Hydra's configuration. */
const KEPT_BY_ITSELF: ReadonlySet<string> = new Set(['vis_data', '.hydra']);
const CATBOOST: ReadonlySet<string> = new Set(['learn', 'test']);

/** True for such a format. */
export function isDatabase({ format }: Pick<Grouped, 'format'>): boolean {
  return DATABASES.has(format);
}

/** The folder a source belongs to by its own path and format alone. */
export function homeFolder(source: Pick<Grouped, 'path' | 'format'>): string {
  const path = source.path;
  const hash = isDatabase(source) ? path.lastIndexOf('#') : -1;
  if (hash >= 0) return join(parent(path.slice(0, hash)), path.slice(hash + 1));
  let folder = parent(path);
  // A pattern is tried only where its word is there: each costs more to compile than hundreds of folders cost otherwise.
  const checkpoint = folder.includes('checkpoint-') ? /^(.*?)(?:^|\/)(?:tmp-)?checkpoint-\d+$/.exec(folder) : null;
  if (checkpoint) return checkpoint[1] === '' || checkpoint[1] === undefined ? '.' : checkpoint[1];
  const mlflow = source.format.startsWith('mlflow') ? /^(.*[0-9a-f]{32})\/(?:metrics|params|tags)(?:\/.*)?$/.exec(folder) : null;
  if (mlflow?.[1] !== undefined) return mlflow[1];
  const wandb = folder.includes('run-') ? /^(.*(?:^|\/)(?:offline-)?run-\d{8}_\d{6}-[^/]+)\/(?:files|logs)$/.exec(folder) : null;
  if (wandb?.[1] !== undefined) return wandb[1];
  if (KEPT_BY_ITSELF.has(leaf(folder))) folder = parent(folder);
  if (CATBOOST.has(leaf(folder)) && leaf(parent(folder)) === 'catboost_info') folder = parent(folder);
  const dvclive = source.format === 'dvclive' ? /^(?:(.*?)\/)?plots\/metrics(?:\/.*)?$/.exec(folder) : null;
  return dvclive ? (dvclive[1] ?? '.') : folder;
}

/** Of paths relative to a root, where '.' is the root itself. */
export function parent(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

export function leaf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function join(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}
