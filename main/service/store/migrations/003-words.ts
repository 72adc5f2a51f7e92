import { crc32OfText } from '../../crc32.ts';
import { checked, withChecksum } from '../checksum.ts';
import type { Migration } from './list.ts';

/** Configuration has a checksum, and that of a series' marks holds for its name and hints too. */
export const words: Migration = {
  version: 3,
  name: 'words',
  up(db) {
    db.function('checksum_of', { deterministic: true }, (text: unknown) => crc32OfText(String(text)));
    db.function('marks_anew', { deterministic: true }, (marks: unknown, numbers: unknown, names: unknown) =>
      withChecksum(checked(marks as Uint8Array, 'summary of a series', String(numbers)), `${String(numbers)} ${String(names)}`));
    db.exec(`
      ALTER TABLE config ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
      UPDATE config SET checksum = checksum_of(source_id || ' ' || key || ' ' || value);
      UPDATE series SET marks = marks_anew(marks, count || ' ' || non_finite || ' ' || segments, split || ' ' || name || ' ' || hints);
    `);
  },
};
