/** CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) as TFRecord uses it. */
import { advance, crcTables } from '../crc.ts';

const TABLES = crcTables(0x82f63b78);

/** CRC-32C of the bytes from `from` to `to` (exclusive) as an unsigned number. The range must lie within the view. */
export function crc32c(view: DataView, from: number, to: number): number {
  return ~advance(TABLES, -1, view, from, to) >>> 0;
}

/** The masked form that TFRecord stores: rotated right by 15 bits, plus a constant (TensorFlow, core/lib/hash/crc32c.h). */
export function maskedCrc32c(view: DataView, from: number, to: number): number {
  const crc = crc32c(view, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
