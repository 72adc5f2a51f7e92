/** The machine woke, or disk trouble passed, while a root was being looked at: what was looked at before is looked at again. */
import { afterEach, expect, test } from 'vitest';
import { rootDisk, type RootDisk, type RootDiskOptions } from '../../main/service/watch/root-disk.ts';
import { logsOf, numbers, text } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
/** Done once, when the log is asked for its stat: by then its folder is listed. */
let meanwhile: (() => void) | null = null;
const { put, values } = logsOf(() => world);

function openDisk(path: string, options: RootDiskOptions): RootDisk {
  const disk = rootDisk(path, options);
  return {
    ...disk,
    held: disk.held,
    stat(natives) {
      if (natives.some((native) => String(native).endsWith('log.num'))) {
        meanwhile?.();
        meanwhile = null;
      }
      return disk.stat(natives);
    },
  };
}

afterEach(() => world.close());

test('a file that appears in a folder that was just listed is found at once', async () => {
  world = await openWorld({ openDisk });
  put('run/log.num', text(100, 20));
  await world.look();
  meanwhile = () => {
    put('run/other.num', text(5, 1));
    world.tail.lookAgain();
  };
  await world.look();
  expect(meanwhile).toBeNull();
  expect(values('run/log.num')).toEqual(numbers(100, 20));
  await world.tail.tick();
  expect(values('run/other.num')).toEqual([5]);
});
