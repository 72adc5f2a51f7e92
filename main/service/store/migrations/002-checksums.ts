import { withChecksum } from '../checksum.ts';
import type { Migration } from './list.ts';

/** The pyramid of a chunk and the marks of a series end with a checksum, as the chunk itself has one. */
export const checksums: Migration = {
  version: 2,
  name: 'checksums',
  up(db) {
    db.function('with_checksum', { deterministic: true }, (bytes: unknown, beside: unknown) => withChecksum(bytes as Uint8Array, String(beside)));
    db.exec(`
      UPDATE chunks SET fine = with_checksum(fine, '');
      UPDATE tops SET data = with_checksum(data, '');
      UPDATE series SET marks = with_checksum(marks, count || ' ' || non_finite || ' ' || segments);
    `);
  },
};
