import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  advance, judge, looksChanged, MARKER, positionOf, resumeOf, START, type Look, type Place,
} from '../../../main/service/tail/identity.ts';

const look = (over: Partial<Look> = {}): Look => ({ device: 1, inode: 7, size: 100, mtimeMs: 5, ctimeMs: 5, ...over });
const bytes = (length: number, seed = 1): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);

/** The place after reading `content` up to `offset`, in one step. */
function placeIn(content: Uint8Array, offset: number): Place {
  return advance(START, content.subarray(0, 1024), content, 0, offset);
}

function judged(place: Place, last: Look | null, stat: Look, content: Uint8Array): string {
  return judge(place, last, stat, content.subarray(0, 1024), content.subarray(Math.max(0, place.offset - MARKER), place.offset));
}

test('each rule of the table', () => {
  const content = bytes(100);
  const place = placeIn(content, 80);
  expect(judged(place, look(), look(), content)).toBe('unchanged');
  expect(judged(place, look(), look({ size: 120 }), content)).toBe('append');
  expect(judged(place, look(), look({ size: 79 }), content)).toBe('replaced');
  expect(judged(place, look(), look({ size: 120 }), bytes(120, 2))).toBe('replaced');
  expect(judged(place, look(), look({ inode: 8 }), bytes(100, 2))).toBe('replaced');
  expect(judged(place, look(), look({ inode: 8, size: 120 }), content)).toBe('doubtful');
  expect(judged(place, look(), look({ mtimeMs: 6 }), content)).toBe('doubtful');
  expect(judged(place, look(), look({ ctimeMs: 6 }), content)).toBe('doubtful');
  expect(judged(place, null, look(), content)).toBe('append');
});

test('a file with the same header but another beginning of data is another file', () => {
  const header = new TextEncoder().encode('step,loss\n');
  const one = Buffer.concat([header, bytes(3000, 1)]);
  const other = Buffer.concat([header, bytes(3000, 2).subarray(0, 500), bytes(3000, 1).subarray(500)]);
  expect(judged(placeIn(one, 2000), look({ size: 3000 }), look({ size: 4000 }), other)).toBe('replaced');
});

test('reading in pieces leads to the same place as reading at once', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.array(fc.nat(700), { maxLength: 12 }), (content, pieces) => {
      let place = START;
      for (const piece of pieces) {
        const taken = Math.min(piece, content.length - place.offset);
        if (taken === 0) continue;
        const windowAt = Math.max(0, place.offset - MARKER);
        place = advance(place, content.subarray(0, 1024), content.subarray(windowAt, place.offset + taken + 10), windowAt, taken);
      }
      if (place.offset === 0) return;
      expect(place).toEqual(placeIn(content, place.offset));
      expect(place.crc).toBe(crc32(content.subarray(0, place.offset)));
    }),
  );
});

test('any single changed byte before the offset is found by the checks together', () => {
  const content = bytes(5000);
  const place = placeIn(content, 4500);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4499 }), (at) => {
      const changed = Uint8Array.from(content);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      const verdict = judged(place, look({ size: 5000 }), look({ size: 5000, mtimeMs: 6 }), changed);
      const foundByChecksum = crc32(changed.subarray(0, 4500)) !== place.crc;
      expect(verdict === 'replaced' || (verdict === 'doubtful' && foundByChecksum)).toBe(true);
    }),
  );
});

test('the resume record survives JSON, and one of an unknown shape means from the start', () => {
  const place = placeIn(bytes(100), 80);
  const position = JSON.parse(JSON.stringify(positionOf(place, look(), { columns: ['a'] }))) as ReturnType<typeof positionOf>;
  expect(resumeOf(position)).toEqual({ place, look: look(), state: { columns: ['a'] } });
  expect(resumeOf({ ...position, reader: { other: 1 } })).toEqual({ place: START, look: null, state: undefined });
  expect(resumeOf({ ...position, reader: null }).place).toBe(START);
});

test('a stat that differs in anything is worth opening the file', () => {
  expect(looksChanged(null, look())).toBe(true);
  expect(looksChanged(look(), look())).toBe(false);
  for (const over of [{ size: 101 }, { mtimeMs: 6 }, { ctimeMs: 6 }, { inode: 8 }]) expect(looksChanged(look(), look(over))).toBe(true);
});
