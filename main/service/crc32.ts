/** CRC-32 (IEEE, reflected polynomial 0xEDB88320) of what the store keeps and of the frames of wandb and SwanLab. */
import { advance, crcTables } from './crc.ts';

const TABLES = crcTables(0xedb88320);
/** Node's own saves a millisecond a megabyte, but is part of its zlib, which takes 3 ms to load: the first curves do not wait for that. */
const PAYS_AFTER = 4 * 2 ** 20;
/** Below so many bytes a call costs more than it saves. */
const LONG = 1024;

let bytesChecked = 0;

/** CRC-32 of the bytes as an unsigned number; `before` is that of the bytes that precede them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  if (bytes.length >= LONG && bytesChecked > PAYS_AFTER) return process.getBuiltinModule('node:zlib').crc32(bytes, before);
  bytesChecked += bytes.length;
  return crc32Of(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length, before);
}

/** The same of the bytes of a view from `from` to `to` (exclusive), which are few. */
export function crc32Of(view: DataView, from: number, to: number, before = 0): number {
  return ~advance(TABLES, ~before, view, from, to) >>> 0;
}

/** CRC-32 of a text in UTF-8. */
export function crc32OfText(text: string): number {
  return crc32(Buffer.from(text));
}
