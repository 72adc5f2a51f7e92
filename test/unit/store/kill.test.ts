import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openStore } from '../../../main/service/store/open.ts';
import { folder } from './places.ts';
import { stepOf, valueOf } from './writer.ts';

const KILLS = Number(process.env['GAPWATCH_KILLS'] ?? 20);

/** Checks that points, offset, config and reader are of one commit, for every source. Returns the sum of the offsets. */
function verify(file: string): number {
  const store = openStore(file);
  try {
    expect(store.recovered).toBe(null);
    expect(store.check()).toEqual([]);
    let sum = 0;
    for (const source of store.sources(store.roots()[0]?.id ?? -1)) {
      sum += source.offset;
      const rows = store.series(source.id);
      if (source.offset === 0) expect(rows).toEqual([]);
      else expect(source.reader).toEqual({ end: source.offset });
      for (const row of rows) {
        // The loss has one provisional point after those of the last commit.
        const more = row.name === 'loss' ? 1 : 0;
        const points = store.points(row.id);
        expect(row.count).toBe(source.offset + more);
        expect(points.length).toBe(source.offset + more);
        for (let i = 0; i < source.offset; i += 1) {
          if (points.step[i] !== stepOf(i) || !Object.is(points.value[i], valueOf(i))) throw new Error(`point ${i} of ${row.name} is wrong`);
        }
        if (more) expect(points.value[source.offset]).toBe(-1);
      }
    }
    return sum;
  } finally {
    store.close();
  }
}

test(`points and offset agree after each of ${KILLS} kills at random moments`, async () => {
  const file = join(folder(), 'a.db');
  let before = 0;
  let grown = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await setTimeout(Math.random() * 60);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const sum = verify(file);
    expect(sum).toBeGreaterThanOrEqual(before);
    if (sum > before) grown += 1;
    before = sum;
  }
  expect(grown).toBe(KILLS);
}, 20_000 + KILLS * 5000);
