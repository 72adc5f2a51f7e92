/**
 * What happens to files, and to us, between any two calls into the disk: fast-check's scheduler decides when each call begins and when its answer
 * arrives, while files are rotated, replaced and removed, everything is to be looked at again, and the tailing is closed and opened.
 */
import fc, { type Scheduler } from 'fast-check';
import { expect, test } from 'vitest';
import { rootDisk, type RootDisk, type RootDiskOptions } from '../../main/service/watch/root-disk.ts';
import { action, numbersIn, openPlayer } from './actions.ts';
import { openWorld, type World } from './world.ts';

const SEQUENCES = Math.ceil(Number(process.env.GAPWATCH_SEQUENCES ?? 300) / 3);

/** A disk whose calls begin and end when the scheduler says so; without one at once. */
function scheduledDisk(state: { scheduler: Scheduler | null }) {
  const turn = async (what: string): Promise<void> => void (await state.scheduler?.schedule(Promise.resolve(), what));
  return (path: string, options: RootDiskOptions): RootDisk => {
    const disk = rootDisk(path, options);
    async function around<T>(what: string, call: () => Promise<T>): Promise<T> {
      await turn(`${what} begins`);
      const answer = await call().catch((error: unknown) => ({ error }));
      await turn(`${what} ends`);
      if (answer instanceof Object && 'error' in answer) throw answer.error as Error;
      return answer;
    }
    return {
      ...disk,
      held: disk.held,
      stat: (paths) => around('stat', () => disk.stat(paths)),
      list: (folder, large) => around('list', () => disk.list(folder, large)),
      read: (file, ranges) => around('read', () => disk.read(file, ranges)),
      realpath: (at) => around('realpath', () => disk.realpath(at)),
    };
  };
}

/** Looks again and again, by itself, until `over`; what a closing interrupts is begun anew. */
async function keepLooking(world: World, state: { over: boolean; closing: Promise<void> | null }): Promise<void> {
  while (!state.over) {
    await state.closing;
    world.clock.advance(1000);
    world.tail.lookAgain();
    await world.tail.tick();
  }
}

test(
  `no order of events loses or doubles a point (${SEQUENCES} sequences)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(action, { minLength: 4, maxLength: 20 }), async (scheduler, actions) => {
        const disk: { scheduler: Scheduler | null } = { scheduler };
        const state: { over: boolean; closing: Promise<void> | null } = { over: false, closing: null };
        const world = await openWorld({ openDisk: scheduledDisk(disk) });
        const { model, play } = openPlayer(world.root);
        try {
          const looking = keepLooking(world, state);
          const sequence = scheduler.scheduleSequence(
            actions.map((act) => async () => {
              // With looks at any moment there is no telling when an edit in place was hidden by growth.
              if (act.do !== 'editInPlace') play(act);
              if (act.do === 'restart') state.closing ??= world.restart().finally(() => (state.closing = null));
              return Promise.resolve();
            }),
          );
          await scheduler.waitFor(sequence.task);
          state.over = true;
          await scheduler.waitFor(looking);
          disk.scheduler = null;
          await state.closing;
          await world.pass(61_000);
          await world.look();
          await world.pass(3000);
          for (const [path, text] of model.files) {
            const { complete, rest } = numbersIn(text);
            if (complete.length === 0) continue;
            const source = world.source(path);
            const values = source ? world.values(source) : [];
            expect(values, path).toEqual(rest === null ? complete : [...complete, rest]);
          }
          const there = world.store.sources(world.rootId).filter((source) => !source.gone);
          expect(there.filter(({ path }) => !model.files.has(path) && !model.lists.has(path))).toEqual([]);
        } finally {
          disk.scheduler = null;
          await world.close();
        }
      }),
      { numRuns: SEQUENCES, ...(process.env.GAPWATCH_SEED ? { seed: Number(process.env.GAPWATCH_SEED) } : {}) },
    );
  },
  60_000 + SEQUENCES * 2000,
);
