/** A reader lives as long as its file is watched: what it has given away it must not hold, or the memory of five hundred readers grows with their logs. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import type { Reader, StreamFormat } from '../../../main/service/formats/format.ts';
import { formats } from '../../../main/service/formats/registry.ts';
import type { Points } from '../../../main/service/points.ts';

const LOGS = join(import.meta.dirname, '../../fixtures/logs');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Sample {
  format: StreamFormat;
  path: string;
  name: string;
  bytes: Uint8Array;
}

function samples(): Map<string, Sample> {
  const found = new Map<string, Sample>();
  for (const path of readdirSync(LOGS, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(LOGS, path)).isFile() || path.endsWith('.truth.json')) continue;
    const bytes = new Uint8Array(readFileSync(join(LOGS, path)));
    const name = path.slice(path.lastIndexOf('/') + 1);
    const format = formats.find((each) => each.detect({ path, name, head: bytes.subarray(0, 65536), size: bytes.length, siblings: new Set() }));
    if (format?.kind === 'stream' && !found.has(format.id)) found.set(format.id, { format, path, name, bytes });
  }
  return found;
}

/** In a function of its own, so that no variable of the test holds the columns. */
function readOnce({ format, path, name, bytes }: Sample): { reader: Reader; given: WeakRef<Points>[] } {
  const reader = format.open({ path, name }, undefined);
  const batch = new Batch();
  reader.read(bytes, 0, batch, false);
  return { reader, given: batch.list.map(({ points }) => new WeakRef(points)) };
}

test.each([...samples()])('%s holds no points between reads', async (_, sample) => {
  const { reader, given } = readOnce(sample);
  const held = (): boolean => given.some((points) => points.deref() !== undefined);
  // A weak reference holds until the end of the turn, and what compiled code remembers for a few collections; what the reader holds stays.
  for (let tries = 0; held() && tries < 20; tries += 1) {
    await new Promise(setImmediate);
    collectGarbage();
  }
  expect(held()).toBe(false);
  expect(reader.save()).not.toBe(null);
});
