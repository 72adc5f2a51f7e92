/** The kernel's FUSE protocol (include/uapi/linux/fuse.h, version 7.31), as far as a passthrough needs it; all fields little-endian. */
import type { BigIntStats } from 'node:fs';

const OPCODES: Record<number, string> = {
  1: 'lookup', 2: 'forget', 3: 'getattr', 4: 'setattr', 9: 'mkdir', 10: 'unlink', 11: 'rmdir', 12: 'rename', 14: 'open', 15: 'read',
  16: 'write', 17: 'statfs', 18: 'release', 20: 'fsync', 25: 'flush', 26: 'init', 27: 'opendir', 28: 'readdir', 29: 'releasedir',
  30: 'fsyncdir', 35: 'create', 36: 'interrupt', 42: 'batch_forget', 45: 'rename2',
};

/** Largest write the kernel sends at once; what is read from /dev/fuse needs some more room. */
export const MAX_WRITE = 128 * 1024;
const DIRECT_IO = 1;

export interface Request {
  op: string;
  unique: bigint;
  node: bigint;
  body: Buffer;
}

export function parse(message: Buffer): Request {
  const op = OPCODES[message.readUInt32LE(4)] ?? 'unknown';
  return { op, unique: message.readBigUInt64LE(8), node: message.readBigUInt64LE(16), body: message.subarray(40) };
}

/** An answer; `error` is an errno (positive), 0 for none. */
export function answer(unique: bigint, error: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(16 + body.length, 0);
  head.writeInt32LE(-error, 4);
  head.writeBigUInt64LE(unique, 8);
  return Buffer.concat([head, body]);
}

export function initOut(): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(7, 0);
  out.writeUInt32LE(31, 4);
  out.writeUInt16LE(12, 16);
  out.writeUInt16LE(10, 18);
  out.writeUInt32LE(MAX_WRITE, 20);
  out.writeUInt32LE(1, 24);
  return out;
}

function attr(stat: BigIntStats, inode: bigint): Buffer {
  const out = Buffer.alloc(88);
  [inode, stat.size, stat.blocks].forEach((value, index) => out.writeBigUInt64LE(value, index * 8));
  [stat.atimeNs, stat.mtimeNs, stat.ctimeNs].forEach((ns, index) => {
    out.writeBigUInt64LE(ns / 1_000_000_000n, 24 + index * 8);
    out.writeUInt32LE(Number(ns % 1_000_000_000n), 48 + index * 4);
  });
  [stat.mode, stat.nlink, stat.uid, stat.gid, stat.rdev].forEach((value, index) => out.writeUInt32LE(Number(value), 60 + index * 4));
  out.writeUInt32LE(4096, 80);
  return out;
}

/** Nothing is cached by the kernel: every question is asked again. */
export function entryOut(node: bigint, stat: BigIntStats, inode: bigint): Buffer {
  const out = Buffer.alloc(40);
  out.writeBigUInt64LE(node, 0);
  return Buffer.concat([out, attr(stat, inode)]);
}

export function attrOut(stat: BigIntStats, inode: bigint): Buffer {
  return Buffer.concat([Buffer.alloc(16), attr(stat, inode)]);
}

/** `direct`: reads come to us as the program makes them, and what we answer goes to it as it is. */
export function openOut(handle: number, direct: boolean): Buffer {
  const out = Buffer.alloc(16);
  out.writeBigUInt64LE(BigInt(handle), 0);
  out.writeUInt32LE(direct ? DIRECT_IO : 0, 8);
  return out;
}

export function writeOut(size: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeUInt32LE(size, 0);
  return out;
}

export function statfsOut(): Buffer {
  const out = Buffer.alloc(80);
  for (let at = 0; at < 40; at += 8) out.writeBigUInt64LE(1n << 24n, at);
  [4096, 255, 4096].forEach((value, index) => out.writeUInt32LE(value, 40 + index * 4));
  return out;
}

export interface Listed {
  name: string;
  /** As in `struct dirent`; 0 where the file system does not say it. */
  type: number;
}

/** Entries from `from` on, as many as fit. */
export function readdirOut(entries: readonly Listed[], from: number, size: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (const [index, listed] of entries.entries()) {
    if (index < from) continue;
    const name = Buffer.from(listed.name);
    const entry = Buffer.alloc(Math.ceil((24 + name.length) / 8) * 8);
    entry.writeBigUInt64LE(1n, 0);
    entry.writeBigUInt64LE(BigInt(index + 1), 8);
    entry.writeUInt32LE(name.length, 16);
    entry.writeUInt32LE(listed.type, 20);
    name.copy(entry, 24);
    if (length + entry.length > size) break;
    parts.push(entry);
    length += entry.length;
  }
  return Buffer.concat(parts);
}

/** Names at the end of a request, each with a zero byte behind it. */
export function namesIn(body: Buffer, from: number): string[] {
  return body.subarray(from).toString().split('\0').slice(0, -1);
}
