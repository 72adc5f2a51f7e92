import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const deflated = 8;

/**
 * Extracts a zip file without needing an `unzip` on the machine. Links and archives of 4 GiB and more are not supported.
 * @param {string} file
 * @param {string} target folder to write to
 * @param {(name: string) => string | null} place where an entry goes below target; null leaves it out
 */
export function unzip(file, target, place) {
  const handle = openSync(file, 'r');
  try {
    for (const entry of entries(handle)) {
      const name = place(entry.name);
      if (name === null || entry.name.endsWith('/')) continue;
      const path = resolve(join(target, name));
      if (!path.startsWith(resolve(target) + sep)) throw new Error(`the archive holds an unsafe path: ${entry.name}`);
      mkdirSync(dirname(path), { recursive: true });
      // A local header repeats the name and extra field, whose lengths may differ from the central ones.
      const local = read(handle, entry.offset, 30);
      const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
      const data = read(handle, start, entry.compressed);
      writeFileSync(path, entry.method === deflated ? inflateRawSync(data, { maxOutputLength: entry.size || 1 }) : data);
      if (entry.mode & 0o111) chmodSync(path, entry.mode & 0o777);
    }
  } finally {
    closeSync(handle);
  }
}

/** @param {number} handle */
function* entries(handle) {
  const size = fstatSync(handle).size;
  const tailSize = Math.min(size, 65_557);
  const tail = read(handle, size - tailSize, tailSize);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || tail.readUInt32LE(end) !== endSignature) throw new Error('not a zip file');
  const directory = read(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature;) {
    const nameLength = directory.readUInt16LE(at + 28);
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

/**
 * @param {number} handle
 * @param {number} offset
 * @param {number} length
 */
function read(handle, offset, length) {
  const buffer = Buffer.alloc(length);
  if (readSync(handle, buffer, 0, length, offset) !== length) throw new Error('the zip file ends too early');
  return buffer;
}
