/** Writes protobuf messages and event files byte by byte, for tests of what no library at hand would write. */
import { crc32 } from 'node:zlib';
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

const BLOCK = 32768;

/** Records in wandb's framing, behind a file header of seven bytes. Returns the file and where each record begins and the last ends. */
export function blockFile(header: readonly number[], records: readonly Uint8Array[]): { bytes: Uint8Array; starts: number[] } {
  const parts: Uint8Array[] = [Uint8Array.from(header)];
  const starts: number[] = [];
  let place = header.length;
  const put = (part: Uint8Array): void => {
    parts.push(part);
    place += part.length;
  };
  const pad = (): void => {
    const left = BLOCK - (place % BLOCK);
    if (left < 7) put(new Uint8Array(left));
  };
  for (const data of records) {
    pad();
    starts.push(place);
    let at = 0;
    do {
      pad();
      const size = Math.min(data.length - at, BLOCK - (place % BLOCK) - 7);
      const isLast = at + size === data.length;
      put(chunk(at === 0 ? (isLast ? 1 : 2) : isLast ? 4 : 3, data.subarray(at, at + size)));
      at += size;
    } while (at < data.length);
  }
  return { bytes: join(...parts), starts: [...starts, place] };
}

/** Types: 1 a whole record, 2 its first piece, 3 a middle one, 4 the last. */
function chunk(type: number, data: Uint8Array): Uint8Array {
  const bytes = join([0, 0, 0, 0, data.length & 255, data.length >> 8, type], data);
  new DataView(bytes.buffer).setUint32(0, crc32(bytes.subarray(6)), true);
  return bytes;
}

export const WANDB_HEADER = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];

/** A history record of wandb: step and items as JSON texts. */
export function history(step: number | null, items: Record<string, string>, nested = false): Uint8Array {
  const parts = Object.entries(items).map(([key, json]) => {
    const name = nested ? join(...key.split('/').map((part) => field(2, part))) : field(1, key);
    return field(1, join(name, field(16, json)));
  });
  return field(2, join(...parts, step === null ? [] : field(2, integer(1, step))));
}
