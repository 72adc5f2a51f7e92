/** What lies beside the log of a wandb or SwanLab run, in `files/`. */
import { addCommandLine } from './command-line.ts';
import { addConfig } from './config-values.ts';
import type { Probe, Sink, SnapshotFormat } from './format.ts';
import { parseJson } from './json.ts';
import { decode } from './lines.ts';
import { parseYaml } from './yaml.ts';

/** `files/config.yaml`: `<key>: {desc, value}`. SwanLab has it from the start, wandb writes it late. */
export const wandbConfig: SnapshotFormat = {
  id: 'wandb-config',
  title: 'Weights & Biases and SwanLab configuration (files/config.yaml)',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => /(^|\/)(offline-)?run-\d{8}_\d{6}-[^/]+\/files\/config\.yaml$/.test(probe.path),
  parse(bytes: Uint8Array, sink: Sink): void {
    const entries = parseYaml(decode(bytes));
    if (!(entries instanceof Map)) throw new Error('This config.yaml holds no keys (yet).');
    for (const [key, entry] of entries as Map<unknown, unknown>) {
      if (key === '_wandb' || key === 'wandb_version') continue;
      addConfig(sink, String(key), entry instanceof Map && entry.has('value') ? entry.get('value') : entry);
    }
  },
};

/** `files/wandb-metadata.json`: the command line and the program. */
export const wandbMetadata: SnapshotFormat = {
  id: 'wandb-metadata',
  title: 'Weights & Biases metadata (files/wandb-metadata.json)',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => probe.name === 'wandb-metadata.json',
  parse(bytes: Uint8Array, sink: Sink): void {
    const metadata = parseJson(decode(bytes)) as { args?: unknown; program?: unknown } | null;
    if (Array.isArray(metadata?.args)) addCommandLine(metadata.args.filter((arg) => typeof arg === 'string'), sink);
    if (typeof metadata?.program === 'string') sink.fact('program', metadata.program.slice(0, 1000));
  },
};
