/** A folder that is read once, and once more: what the command line does. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFolder } from '../../main/service/reading.ts';
import { openStore } from '../../main/service/store/open.ts';
import { eachInScratch, scratch } from './served.ts';

eachInScratch();

test('the bytes that are said to be read are those that were new', async () => {
  const root = join(scratch, 'runs');
  const store = openStore(join(scratch, 'gapwatch.db'));
  const read = async (): Promise<[bytes: number, points: number]> => {
    const { bytesRead, newPoints } = await readFolder(store, root);
    return [bytesRead, newPoints];
  };
  try {
    const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, at) => `{"step": ${from + at}, "loss": 0.5}\n`).join('');
    writeFileSync(join(root, 'a.jsonl'), lines(0, 50_000));
    expect(await read()).toEqual([lines(0, 50_000).length, 50_000]);
    expect(await read()).toEqual([0, 0]);
    appendFileSync(join(root, 'a.jsonl'), lines(50_000, 50_010));
    expect(await read()).toEqual([lines(50_000, 50_010).length, 10]);
    const state = (epochs: number): string => JSON.stringify({ log_history: Array.from({ length: epochs }, (_, at) => ({ step: at + 1, epoch: at, loss: 1 / (at + 1) })), global_step: epochs });
    writeFileSync(join(root, 'trainer_state.json'), state(5));
    expect((await read())[0]).toBe(state(5).length);
    // It is written anew each time, and so read.
    writeFileSync(join(root, 'trainer_state.json'), state(6));
    expect((await read())[0]).toBe(state(6).length);
  } finally {
    store.close();
  }
});
