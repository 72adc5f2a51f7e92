import { describe, expect, it } from 'vitest';
import { wandb } from '../../../main/service/formats/wandb.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { bytesOf, filesOf, folderOf, nameOf, rowsOf, truthOf } from './cases.ts';
import { readAtOnce, readLive } from './reading.ts';
import { differences, type Row } from './truth.ts';

function logFiles(name: string): string[] {
  return filesOf(name).filter((path) => path.endsWith('.wandb'));
}

describe.each(['wandb-offline', 'wandb-blocks', 'wandb-crashed', 'wandb-nan-axis', 'wandb-system'])('%s', (name) => {
  it('gives every point and every hyper-parameter that was logged, and none extra', () => {
    const rows: Row[] = [];
    const configs = new Map();
    for (const path of logFiles(name)) {
      const reading = readAtOnce(wandb, bytesOf(name, path), { path, name: nameOf(path) });
      expect(reading.problems).toEqual([]);
      rows.push(...rowsOf(reading, folderOf(path)));
      configs.set(folderOf(path), reading.config);
    }
    expect(differences({ rows, configs }, truthOf(name), { ignoreSplit: true })).toEqual([]);
  });

  it('gives the same when it is read as it grows', () => {
    for (const path of logFiles(name)) {
      const bytes = bytesOf(name, path);
      const where = { path, name: nameOf(path) };
      const live = readLive(wandb, bytes, where, seeded(7), 3000);
      live.facts.delete('note');
      expect(live).toEqual(readAtOnce(wandb, bytes, where));
    }
  });
});

it('gives the samples of the machine that a real run holds, over time and without steps', () => {
  const [path = ''] = logFiles('wandb-system');
  const reading = readAtOnce(wandb, bytesOf('wandb-system', path), { path, name: nameOf(path) });
  const cpu = reading.series.get(':system/cpu');
  expect(cpu?.hints).toEqual({ unit: '%' });
  expect(cpu?.points.length).toBeGreaterThan(5);
  for (const [step, epoch, time, value] of cpu?.points ?? []) {
    expect([step, epoch, time > 1.7e9, value >= 0]).toEqual([NaN, NaN, true, true]);
  }
  expect(reading.series.has(':system/proc.memory.rssMB')).toBe(true);
});
