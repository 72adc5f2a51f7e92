/**
 * Cyclic redundancy checks of 32 bits, reflected. Eight table look-ups for eight bytes instead of one a byte: ingest checks every byte of
 * every event file, and byte by byte this alone took longer than everything else together.
 */

/** Eight tables of 256 entries for a reflected polynomial, one after the other: table k advances a byte by k further bytes. */
export function crcTables(polynomial: number): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at += 1) {
    const before = tables[at - 256]!;
    tables[at] = (before >>> 8) ^ tables[before & 255]!;
  }
  return tables;
}

/** The register after the bytes from `from` to `to` (exclusive), which was `crc` before; -1 begins. The range must lie within the view. */
export function advance(tables: Int32Array, crc: number, view: DataView, from: number, to: number): number {
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      tables[1792 + (low & 255)]! ^
      tables[1536 + ((low >>> 8) & 255)]! ^
      tables[1280 + ((low >>> 16) & 255)]! ^
      tables[1024 + (low >>> 24)]! ^
      tables[768 + (high & 255)]! ^
      tables[512 + ((high >>> 8) & 255)]! ^
      tables[256 + ((high >>> 16) & 255)]! ^
      tables[high >>> 24]!;
  }
  if (at + 4 <= to) {
    const word = crc ^ view.getInt32(at, true);
    crc =
      tables[768 + (word & 255)]! ^ tables[512 + ((word >>> 8) & 255)]! ^ tables[256 + ((word >>> 16) & 255)]! ^ tables[word >>> 24]!;
    at += 4;
  }
  for (; at < to; at += 1) crc = tables[(crc ^ view.getUint8(at)) & 255]! ^ (crc >>> 8);
  return crc;
}
