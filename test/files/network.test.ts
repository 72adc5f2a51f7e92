/** A network folder: everything goes through a worker, nothing is hinted at. */
import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RootDisk, RootDiskOptions } from '../../main/service/watch/root-disk.ts';
import { slowDisk } from '../../main/service/watch/slow-disk.ts';
import { workerScript } from '../../main/service/workerScript.ts';
import { action, numbersIn, openPlayer } from './actions.ts';
import { logsOf, numbers, text } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
const { at, begun, values } = logsOf(() => world);

/** The worker's disk for a folder that in truth is local. */
function openDisk(_path: string, options: RootDiskOptions): RootDisk {
  return { ...slowDisk(workerScript('disk-worker'), options), recheck: () => 'nfs4' };
}

beforeEach(async () => {
  world = await openWorld({ openDisk });
});
afterEach(() => world.close());

test('is polled: what grows every second, what is new within a minute', async () => {
  await begun();
  appendFileSync(at('run/log.num'), text(120, 3));
  await world.pass(1000);
  expect(values('run/log.num')).toEqual(numbers(100, 23));
  logsOf(() => world).put('run2/log.num', text(5, 1));
  await world.pass(60_000);
  expect(values('run2/log.num')).toEqual([5]);
});

test('gives the same points as a local one, whatever happens to the files', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 20 }), async (actions) => {
      const far = await openWorld({ openDisk });
      const player = openPlayer(far.root);
      try {
        for (const act of actions) {
          player.play(act);
          if (act.do !== 'look') continue;
          await far.look();
          player.looked();
        }
        await far.look();
        for (const [path, content] of player.model.files) {
          const { complete } = numbersIn(content);
          const source = far.source(path);
          if (complete.length > 0) expect(source && far.values(source), path).toEqual(complete);
        }
      } finally {
        await far.close();
      }
    }),
    { numRuns: 20 },
  );
});
