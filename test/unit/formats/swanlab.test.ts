import { describe, expect, it } from 'vitest';
import { swanlab } from '../../../main/service/formats/swanlab.ts';
import { wandbConfig } from '../../../main/service/formats/wandb-config.ts';
import { Batch } from '../../../main/service/formats/batch.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { bytesOf, filesOf, folderOf, nameOf, rowsOf, truthOf } from './cases.ts';
import { readAtOnce, readLive } from './reading.ts';
import { differences } from './truth.ts';

describe.each(['swanlab-v1', 'swanlab-v2'])('%s', (name) => {
  const path = filesOf(name).find((file) => file.endsWith('.swanlab')) ?? '';
  const bytes = bytesOf(name, path);
  const where = { path, name: nameOf(path) };

  it('gives every point that was logged and none extra, and the configuration from the file beside it', () => {
    const config = filesOf(name).find((file) => file.endsWith('config.yaml')) ?? '';
    const probe = { path: config, name: nameOf(config), head: bytesOf(name, config), size: 1, siblings: new Set<string>() };
    expect(wandbConfig.detect(probe)).toBe(true);
    const batch = new Batch();
    wandbConfig.parse(bytesOf(name, config), batch, probe);
    const reading = readAtOnce(swanlab, bytes, where);
    const run = folderOf(path);
    expect(reading.problems).toEqual([]);
    const found = { rows: rowsOf(reading, run), configs: new Map([[run, batch.configs]]) };
    expect(differences(found, truthOf(name), { ignoreSplit: true })).toEqual([]);
    expect(reading.state).toBe('finished');
    expect(Object.fromEntries(reading.facts)).toMatchObject({ name: 'fast-fox-1', project: 'demo' });
  });

  it('gives the same when it is read as it grows', () => {
    const live = readLive(swanlab, bytes, where, seeded(3), 3000);
    live.facts.delete('note');
    expect(live).toEqual(readAtOnce(swanlab, bytes, where));
  });

  it('gives samples of the machine a time and no step', () => {
    for (const series of readAtOnce(swanlab, bytes, where).series.values()) {
      const isSample = series.name.startsWith('system/');
      for (const [step, epoch, time] of series.points) {
        expect([Number.isNaN(step), epoch, time > 1.7e9]).toEqual([isSample, NaN, true]);
      }
    }
  });
});

it('says that a file of only a header is buffered', () => {
  const header = Uint8Array.from([0x3a, 0x53, 0x57, 0x4c, 0xd6, 0xe1, 2]);
  expect(readAtOnce(swanlab, header, { path: 'a.swanlab', name: 'a.swanlab' }).facts.get('note')).toBe('buffered by SwanLab');
});
