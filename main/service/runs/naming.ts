import type { Run } from './catalogue.ts';

/** Folder names that say nothing by themselves; the folder above is named with them. */
const PLAIN = /^(version_\d+|lightning_logs|logs?|runs?|train|tb|tensorboard|output|outputs|vis_data|\d{8}[-_]\d{6}|exp\d*)$/i;

/**
 * The name a run is shown by: the writer's own display name if it has one, else its folder without parts that say nothing.
 * `rootName` names a run that is the root itself.
 */
export function runName(run: Pick<Run, 'folder' | 'facts'>, rootName: string): string {
  const said = run.facts.get('name');
  if (typeof said === 'string' && said.trim() !== '') return said;
  if (run.folder === '.') return rootName;
  const parts = run.folder.split('/');
  const meaningful = parts.filter((part, at) => !PLAIN.test(part) || (at === parts.length - 1 && !/^(lightning_logs|logs?|runs?|tb|tensorboard)$/i.test(part)));
  const kept = meaningful.length > 0 ? meaningful : parts;
  return kept.slice(-2).join('/');
}
