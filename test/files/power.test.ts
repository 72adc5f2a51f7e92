/**
 * Power cuts: the database lies on a file system that knows what was synced. After a cut only that is certain; of everything written later any
 * sectors may have reached the disk, in any order. The logs lie elsewhere and are whole.
 */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../main/service/store/open.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { noFuse } from './fuse/mount.ts';
import { startFollower } from './follower-process.ts';
import { compareParts, compareWhole, killOnce, noResult } from './kill-loop.ts';
import { named, openPlace, type Place } from './place.ts';
import { openWriter } from './writer.ts';

const CUTS = Number(process.env.GAPWATCH_CUTS ?? 8);
/** Versions of the logs are held in memory. */
const CUTS_A_ROOT = 20;

let place: Place;

beforeEach(() => {
  place = openPlace();
});
afterEach(() => place.remove());

describe.skipIf(noFuse !== null)(named('power cuts', noFuse), () => {
  test(`after each of ${CUTS} the database opens, is sound, and what is missing is read again from the logs`, async () => {
    const random = seeded(Number(process.env.GAPWATCH_SEED ?? 3));
    const result = noResult();
    let kept = join(place.folder, 'db');
    let root = place.root;
    let writer = openWriter(root, random);
    let behind = 0;
    for (let cut = 1; cut <= CUTS; cut += 1) {
      cpSync(kept, join(place.folder, `disk-${cut}`), { recursive: true });
      const disk = await place.faulty(`disk-${cut}`);
      await killOnce(startFollower(join(disk.at, 'gapwatch.db'), [root], { whole: cut % 2 === 0 }), writer, random);
      result.kills += 1;
      const after = join(place.folder, `after-${cut}`);
      await disk.cutInto(after, cut);
      const before = offsetsIn(join(disk.at, 'gapwatch.db'));
      await disk.unmount();
      const database = join(after, 'gapwatch.db');
      compareParts(database, root, writer, result);
      if (offsetsIn(database) < before) behind += 1;
      if (cut % CUTS_A_ROOT === 0 || cut === CUTS) {
        await compareWhole(database, root, writer, result);
        root = join(place.folder, `runs-${cut}`);
        mkdirSync(root);
        writer = openWriter(root, random);
      }
      rmSync(kept, { recursive: true });
      kept = after;
    }
    process.stdout.write(`${CUTS} power cuts, ${behind} of them took commits back, ${result.points} points compared at the end\n`);
    expect(result.wrong).toEqual([]);
    // A cut that never takes anything back would prove nothing.
    expect(behind).toBeGreaterThan(0);
  }, 60_000 + CUTS * 20_000);
});

/** The sum of what was read of all logs. */
function offsetsIn(database: string): number {
  if (!existsSync(database)) return 0;
  const store = openStore(database);
  const sum = store.roots().flatMap(({ id }) => store.sources(id)).reduce((all, { offset }) => all + offset, 0);
  store.close();
  return sum;
}
