/** `files/config.yaml` of a wandb or SwanLab run: `<key>: {desc, value}`. SwanLab has it from the start, wandb writes it late. */
import { parse } from 'yaml';
import { addConfig } from './config-values.ts';
import type { Probe, SnapshotFormat, Sink } from './format.ts';

export const wandbConfig: SnapshotFormat = {
  id: 'wandb-config',
  title: 'Weights & Biases and SwanLab configuration (files/config.yaml)',
  kind: 'snapshot',
  configOnly: true,
  detect: (probe: Probe) => /(^|\/)(offline-)?run-\d{8}_\d{6}-[^/]+\/files\/config\.yaml$/.test(probe.path),
  parse(bytes: Uint8Array, sink: Sink): void {
    const document: unknown = parse(new TextDecoder().decode(bytes), { maxAliasCount: 100 });
    if (typeof document !== 'object' || document === null) throw new Error('config.yaml is empty or incomplete');
    for (const [key, entry] of Object.entries(document)) {
      const isEntry = typeof entry === 'object' && entry !== null && Object.hasOwn(entry, 'value');
      if (key !== '_wandb' && key !== 'wandb_version') addConfig(sink, key, isEntry ? (entry as { value: unknown }).value : entry);
    }
  },
};
