/**
 * The formats as tailing asks for them. The first in the order of detection is at hand; the others, with the YAML parser a third of the
 * service's program, are loaded with the first file that is not its: a folder of event files is drawn without them.
 */
import type { Format, Probe } from './format.ts';
import type * as registryModule from './registry.ts';
import { tensorboard } from './tensorboard.ts';

type Registry = typeof registryModule;

let registry: Registry | null = null;

async function load(): Promise<Registry> {
  return (registry ??= await import('./registry.ts'));
}

/** The format of a file by its name, first bytes and neighbours; null if no reader knows it. */
export function recognise(probe: Probe): Format | null | Promise<Format | null> {
  if (tensorboard.detect(probe)) return tensorboard;
  return registry ? registry.recognise(probe) : load().then((loaded) => loaded.recognise(probe));
}

/** The format with this id, as it stands in the store; null for one that this version does not know. */
export function formatById(id: string): Format | null | Promise<Format | null> {
  if (id === tensorboard.id) return tensorboard;
  return registry ? registry.formatById(id) : load().then((loaded) => loaded.formatById(id));
}
