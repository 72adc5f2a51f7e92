/** `files/config.yaml` of a wandb or SwanLab run: `<key>: {desc, value}`. SwanLab has it from the start, wandb writes it late. */
import { addConfig } from './config-values.ts';
import type { Probe, Sink, SnapshotFormat } from './format.ts';
import { decode } from './lines.ts';
import { parseYaml } from './yaml.ts';

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
