/** Writes protobuf messages and event files byte by byte, for tests of what no library at hand would write. */
import { maskedCrc32c } from '../../../main/service/formats/crc32c.ts';

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

/** A varint of up to 64 bits; negative numbers as two's complement. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

export function field(number: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return join(varint(number * 8 + 2), varint(bytes.length), bytes);
}

export function integer(number: number, value: number | bigint): Uint8Array {
  return join(varint(number * 8), varint(value));
}

export function double(number: number, value: number): Uint8Array {
  return join(varint(number * 8 + 1), new Uint8Array(new Float64Array([value]).buffer));
}

export function float(number: number, value: number): Uint8Array {
  return join(varint(number * 8 + 5), new Uint8Array(new Float32Array([value]).buffer));
}

/** A TFRecord around `data`. */
export function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(view, 0, 8), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(view, 12, 12 + data.length), true);
  return bytes;
}

/** An event with one summary of these values. */
export function event(step: number | bigint, values: readonly Uint8Array[], time = 1_700_000_000): Uint8Array {
  return join(double(1, time), integer(2, step), field(5, join(...values.map((value) => field(1, value)))));
}

export function simple(tag: string, value: number): Uint8Array {
  return join(field(1, tag), float(2, value));
}

export function tensor(tag: string, content: Uint8Array, metadata?: Uint8Array): Uint8Array {
  return join(field(1, tag), field(8, content), metadata ? field(9, metadata) : []);
}

export function plugin(name: string, content?: Uint8Array): Uint8Array {
  return field(1, join(field(1, name), content ? field(2, content) : []));
}
