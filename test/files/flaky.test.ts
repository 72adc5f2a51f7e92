/** A disk that fails at any call: errors are put in front of the real disk, and whatever is done to files meanwhile, nothing is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rootDisk, type RootDisk, type RootDiskOptions } from '../../main/service/watch/root-disk.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { action, numbersIn, openPlayer } from './actions.ts';
import { openWorld } from './world.ts';

const SEQUENCES = Math.ceil(Number(process.env.GAPWATCH_SEQUENCES ?? 300) / 3);
const CODES = ['EIO', 'EMFILE', 'EACCES', 'ESTALE', 'ENOMEM'];

/** Fails a share of the calls, single stats included, while `share` is above 0. */
function flakyDisk(state: { share: number }, random: () => number) {
  const error = (): NodeJS.ErrnoException => {
    const code = CODES[Math.floor(random() * CODES.length)] ?? 'EIO';
    return Object.assign(new Error(`${code}: injected`), { code });
  };
  const fails = (): boolean => random() < state.share;
  return (path: string, options: RootDiskOptions): RootDisk => {
    const disk = rootDisk(path, options);
    return {
      ...disk,
      held: disk.held,
      stat: async (paths) => (await disk.stat(paths)).map((stat) => (fails() ? error() : stat)),
      list: (folder, large) => (fails() ? Promise.reject(error()) : disk.list(folder, large)),
      read: (file, ranges) => (fails() ? Promise.reject(error()) : disk.read(file, ranges)),
    };
  };
}

test(
  `errors of the disk at any call delay, but lose and double nothing (${SEQUENCES} sequences)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), fc.nat(), async (actions, seed) => {
        const state = { share: 0.2 };
        const world = await openWorld({ openDisk: flakyDisk(state, seeded(seed)) });
        // With a disk that fails there is no telling when a file has been looked at: no writing in place here.
        const { model, play } = openPlayer(world.root);
        try {
          for (const act of actions) {
            if (act.do !== 'editInPlace') play(act);
            if (act.do === 'restart') await world.restart();
            else if (act.do === 'look' || act.do === 'idle') await world.look();
            else if (act.do === 'glance') await world.pass(1000);
          }
          state.share = 0;
          // The longest back-off is a minute.
          await world.pass(61_000);
          await world.look();
          for (const [path, text] of model.files) {
            const { complete, rest } = numbersIn(text);
            if (complete.length === 0) continue;
            const source = world.source(path);
            const values = source ? world.values(source) : [];
            expect(values.slice(0, complete.length), path).toEqual(complete);
            expect([[], [rest]]).toContainEqual(values.slice(complete.length));
          }
          const there = world.store.sources(world.rootId).filter((source) => !source.gone);
          expect(there.filter(({ path }) => !model.files.has(path) && !model.lists.has(path))).toEqual([]);
          expect(world.tail.troubles().filter(({ path }) => model.files.has(path))).toEqual([]);
        } finally {
          await world.close();
        }
      }),
      { numRuns: SEQUENCES, ...(process.env.GAPWATCH_SEED ? { seed: Number(process.env.GAPWATCH_SEED) } : {}) },
    );
  },
  60_000 + SEQUENCES * 2000,
);
