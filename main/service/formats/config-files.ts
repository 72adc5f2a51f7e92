import { addConfig } from './config-values.ts';
import type { Probe, Sink, SnapshotFormat } from './format.ts';
import { parseJson } from './json.ts';
import { decode } from './lines.ts';
import { pythonAssignments } from './python-literals.ts';
import { parseYaml } from './yaml.ts';

const CAP = 1024 * 1024;
const YAML = /^(hparams|args|opt|hyp|training_args|config|params|llamaboard_config|train_config|experiment_config)\.ya?ml$/i;
const JSON_NAMES = /^(config|params|hparams|hyperparams|hyperparameters|args|training_args|train_args|train_config|training_config|adapter_config|run_config)\.json$/i;

/** `hparams.yaml` (Lightning), `args.yaml` (timm, Ultralytics), `opt.yaml`, `hyp.yaml`, `training_args.yaml`, `config.yaml`, `params.yaml`. */
export const configYaml: SnapshotFormat = {
  kind: 'snapshot',
  id: 'config-yaml',
  title: 'Configuration in YAML',
  configOnly: true,
  detect: (probe) => YAML.test(probe.name),
  parse(bytes, sink) {
    const data = parseYaml(textOf(bytes, 'YAML'));
    if (!(data instanceof Map)) {
      if (data === null) return;
      throw new Error('This YAML file holds no keys: there is no configuration in it.');
    }
    addConfig(sink, '', indexed(unwrapped(data as Map<string, unknown>)));
  }
};

/** `config.json`, `training_args.json`, `params.json` and their like, written by model libraries, Ray Tune and home-grown loops. */
export const configJson: SnapshotFormat = {
  kind: 'snapshot',
  id: 'config-json',
  title: 'Configuration in JSON',
  configOnly: true,
  detect: (probe) => JSON_NAMES.test(probe.name) && looksLikeObject(probe),
  parse(bytes, sink) {
    const data = jsonOf(bytes);
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      throw new Error('This JSON file is no object: there is no configuration in it.');
    }
    addConfig(sink, '', indexed(data));
  }
};

/** `config.py` of nanoGPT and mmengine: the literals in it, as text. The file is never run. */
export const configPython: SnapshotFormat = {
  kind: 'snapshot',
  id: 'config-python',
  title: 'Configuration in Python, read as text',
  configOnly: true,
  detect: (probe) => probe.name === 'config.py',
  parse: (bytes, sink) => addPythonConfig(textOf(bytes, 'Python'), sink)
};

/** Takes every `name = literal` of a Python text as configuration; names of modules and hooks (`__x__`) are left out. */
export function addPythonConfig(text: string, sink: Sink): void {
  const settings = pythonAssignments(text);
  for (const name of settings.keys()) if (name.startsWith('__')) settings.delete(name);
  addConfig(sink, '', indexed(settings));
}

function textOf(bytes: Uint8Array, kind: string): string {
  if (bytes.length > CAP) throw new Error(`This ${kind} file is larger than 1 MiB: it was not read.`);
  return decode(bytes);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return parseJson(textOf(bytes, 'JSON'));
  } catch (error) {
    throw new Error(`Not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

function looksLikeObject(probe: Probe): boolean {
  return decode(probe.head, 0, Math.min(probe.head.length, 200)).trimStart().startsWith('{');
}

/** Weights & Biases writes `key: {desc, value}`; its own bookkeeping stands under `_wandb`. */
function unwrapped(data: Map<string, unknown>): Map<string, unknown> {
  const entries = [...data].filter(([key]) => key !== '_wandb' && key !== 'wandb_version');
  const wrapped = entries.length > 0 && entries.every(([, value]) => value instanceof Map && value.has('value') && value.size <= 2);
  if (!wrapped) return data;
  return new Map(entries.map(([key, value]) => [key, (value as Map<string, unknown>).get('value')]));
}

/** Lists that hold maps (the layers of a model) are numbered, so that the values in them have keys of their own. */
function indexed(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 64) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => indexed(item, depth + 1));
    const plain = items.every((item) => typeof item !== 'object' || item === null || Array.isArray(item));
    return plain ? items : new Map(items.map((item, at) => [String(at), item]));
  }
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : (Object.entries(value) as [string, unknown][]);
  return new Map(entries.map(([key, item]) => [key, indexed(item, depth + 1)]));
}
