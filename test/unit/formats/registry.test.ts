import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../../../main/service/formats/format.ts';
import { consoleIds, isConfigOnly } from '../../../main/service/formats/ids.ts';
import * as library from '../../../main/service/formats/library.ts';
import { formatById, formats, recognise } from '../../../main/service/formats/registry.ts';
import { tensorboard } from '../../../main/service/formats/tensorboard.ts';
import { consoles } from '../../../main/service/formats/text.ts';
import { seeded } from '../../bench/generate-tfevents.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));
const README = fileURLToPath(new URL('../../../README.md', import.meta.url));

/** Every sample file as a detector sees it; packed databases unpacked. */
function probes(folder: string): Probe[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile() && !path.endsWith('.truth.json'))
    .map((entry) => {
      const file = join(folder, entry);
      const path = entry.replaceAll('\\', '/').replace(/\.gz$/, '');
      const bytes = entry.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
      const siblings = new Set(readdirSync(join(file, '..')));
      return { path, name: path.slice(path.lastIndexOf('/') + 1), head: bytes.subarray(0, 65536), size: bytes.length, siblings };
    });
}

const samples = [...probes(join(FIXTURES, 'logs')), ...probes(join(FIXTURES, 'databases'))];

it('has an id of its own and a title for each format', () => {
  expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  for (const format of formats) {
    expect(format.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(format.title.length).toBeGreaterThan(3);
    expect(formatById(format.id)).toBe(format);
  }
  expect(formatById('no-such-format')).toBe(null);
});

it('is known by its id for what is asked without its reader', () => {
  expect([...consoleIds].sort()).toEqual(consoles.map(({ id }) => id).sort());
  for (const format of formats) expect(isConfigOnly(format.id), format.id).toBe(format.kind === 'snapshot' && format.configOnly === true);
});

it('is found by the library as by the registry, before that is loaded and after', async () => {
  // The library asks it first.
  expect(formats[0]).toBe(tensorboard);
  for (const probe of samples) expect(await library.recognise(probe), probe.path).toBe(recognise(probe));
  for (const { id } of [...formats, { id: 'no-such-format' }]) expect(await library.formatById(id)).toBe(formatById(id));
});

describe.each(formats.map((format) => [format.id, format] as const))('%s', (id, format) => {
  it('has a sample under test/fixtures that is recognised as it', () => {
    expect(samples.filter((probe) => recognise(probe) === format).length, `no sample of ${id} in test/fixtures`).toBeGreaterThan(0);
  });

  it('stands in the README', () => {
    const text = existsSync(README) ? readFileSync(README, 'utf8') : '';
    // The README gets its list of formats once; from then on it has to be complete.
    if (/^#+ .*Formats/m.test(text)) expect(text).toContain(format.title);
  });
});

it('asks in the documented order: trackers with a magic of their own before text, frameworks before general readers', () => {
  const order = formats.map(({ id }) => id);
  expect(order.slice(0, 3)).toEqual(['tensorboard', 'wandb', 'swanlab']);
  const last = (ids: readonly string[]): number => Math.max(...ids.map((id) => order.indexOf(id)));
  const general = ['csv', 'jsonl', 'console'].map((id) => order.indexOf(id)).filter((at) => at >= 0);
  expect(last(['tensorboard', 'wandb', 'swanlab', 'wandb-config', 'mlflow-db', 'trackio', 'mlflow'])).toBeLessThan(Math.min(...general));
});

it('knows no format for what is none, and no detector fails on it', () => {
  const random = seeded(21);
  const noise = Uint8Array.from({ length: 4096 }, () => random() * 256);
  const names = ['model.safetensors', 'checkpoint.pt', 'photo.png', 'data.bin', 'weights.db', 'x.wandb', 'y.swanlab', 'train.arrow'];
  for (const name of names) {
    for (const head of [noise, new Uint8Array(), new Uint8Array(100)]) {
      expect(recognise({ path: `a/${name}`, name, head, size: head.length, siblings: new Set() }), name).toBe(null);
    }
  }
  for (const name of ['', '.', 'log', 'metrics.csv', 'trainer_state.json', 'run.log', 'config.yaml', 'mlflow.db', 'meta.yaml']) {
    const probe = { path: name, name, head: noise, size: noise.length, siblings: new Set<string>() };
    for (const format of formats) expect(() => format.detect(probe)).not.toThrow();
  }
});
