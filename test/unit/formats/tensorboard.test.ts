import { describe, expect, it } from 'vitest';
import { tensorboard } from '../../../main/service/formats/tensorboard.ts';
import { seeded } from '../../bench/generate-tfevents.ts';
import { bytesOf, filesOf, folderOf, LOGS, nameOf, rowsOf, truthOf } from './cases.ts';
import { readAtOnce, readLive } from './reading.ts';
import { differences, type Row } from './truth.ts';
import { readdirSync } from 'node:fs';

const cases = readdirSync(LOGS).filter((name) => /^(tb-.*|lightning-tb|hf-trainer-tb)$/.test(name) && !name.endsWith('.json'));

function eventFiles(name: string): string[] {
  return filesOf(name).filter((path) => nameOf(path).includes('tfevents'));
}

describe.each(cases)('%s', (name) => {
  it('gives every point and every hyper-parameter that was logged, and none extra', () => {
    const rows: Row[] = [];
    const configs = new Map();
    for (const path of eventFiles(name)) {
      const reading = readAtOnce(tensorboard, bytesOf(name, path), { path, name: nameOf(path) });
      expect(reading.problems).toEqual([]);
      rows.push(...rowsOf(reading, folderOf(path)));
      configs.set(folderOf(path), new Map([...(configs.get(folderOf(path)) ?? []), ...reading.config]));
    }
    expect(differences({ rows, configs }, truthOf(name), { ignoreSplit: true })).toEqual([]);
  });

  it('gives the same when it is read as it grows', () => {
    for (const path of eventFiles(name)) {
      const bytes = bytesOf(name, path);
      const where = { path, name: nameOf(path) };
      expect(readLive(tensorboard, bytes, where, seeded(7), 150)).toEqual(readAtOnce(tensorboard, bytes, where));
    }
  });
});
