import fc from 'fast-check';
import { crc32 as zlib } from 'node:zlib';
import { expect, test } from 'vitest';
import { crc32, crc32Of, crc32OfText } from '../../../main/service/crc32.ts';

test('CRC-32 is that of zlib, of short and long bytes, anywhere in a buffer, piece by piece, and of any text', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.tuple(fc.integer({ min: 900, max: 200_000 }), fc.integer()).map(([length, seed]) => Uint8Array.from({ length }, (_, i) => (i * seed) >> 3)));
  fc.assert(
    fc.property(bytes, fc.nat(9), fc.nat(), (all, pad, cut) => {
      const padded = new Uint8Array(all.length + pad);
      padded.set(all, pad);
      const own = padded.subarray(pad);
      const at = cut % (all.length + 1);
      expect(crc32(own)).toBe(zlib(all));
      expect(crc32(own.subarray(at), crc32(own.subarray(0, at)))).toBe(zlib(all));
      expect(crc32Of(new DataView(padded.buffer), pad + at, padded.length, zlib(all.subarray(0, at)))).toBe(zlib(all));
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => crc32OfText(text) === zlib(text)));
  expect(crc32OfText('\ud800 half of a pair')).toBe(zlib('\ud800 half of a pair'));
});
