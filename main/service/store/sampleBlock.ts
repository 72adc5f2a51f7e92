/** Machine samples of one device in columns: times, then each field with its name. A field that is null has NaN. */
import { crc32 } from '../crc32.ts';
import { decodeAxis, encodeAxis } from './codec/axis.ts';
import { align, cursor, getVarint, putVarint, reserve, writer } from './codec/bytes.ts';
import { decodeValues, encodeValues } from './codec/value.ts';
import { StoreDamaged } from './errors.ts';

export interface Sample {
  atMs: number;
  values: Record<string, number | null>;
}

export interface SampleColumns {
  atMs: Float64Array;
  /** By field; NaN where it was null or not sampled. */
  fields: Map<string, Float64Array>;
}

const HEADER = 8;
/** How a field is written; part of the file format. */
const GAPLESS = 0;
const WITH_GAPS = 1;

const out = writer();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of samples in order of arrival. */
export function encodeSamples(samples: readonly Sample[]): Uint8Array {
  const { atMs, fields } = columnsOf(samples);
  out.at = HEADER;
  encodeAxis(atMs, 0, samples.length, out, null);
  putNumber(fields.size);
  for (const [name, values] of fields) {
    const text = encoder.encode(name);
    putNumber(text.length);
    reserve(out, text.length);
    out.bytes.set(text, out.at);
    out.at += text.length;
    // What is always there changes little from sample to sample: differences are smaller than values.
    const isGapless = !values.includes(NaN);
    putNumber(isGapless ? GAPLESS : WITH_GAPS);
    if (isGapless) encodeAxis(values, 0, samples.length, out, null);
    else encodeValues(values, 0, samples.length, out);
  }
  align(out, 8);
  out.view.setUint32(0, samples.length, true);
  out.view.setUint32(4, crc32(out.bytes.subarray(HEADER, out.at)), true);
  return out.bytes.slice(0, out.at);
}

/** Reads what `encodeSamples` wrote. Throws `StoreDamaged`. */
export function decodeSamples(bytes: Uint8Array): SampleColumns {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const from = cursor(aligned);
  if (bytes.length < HEADER || crc32(aligned.subarray(HEADER)) !== from.view.getUint32(4, true)) {
    throw new StoreDamaged('Machine samples fail their checksum');
  }
  const count = from.view.getUint32(0, true);
  from.at = HEADER;
  const atMs = new Float64Array(count);
  decodeAxis(from, count, atMs, 0, null);
  const fields = new Map<string, Float64Array>();
  for (let left = getVarint(from); left > 0; left -= 1) {
    const length = getVarint(from);
    const name = decoder.decode(aligned.subarray(from.at, from.at + length));
    from.at += length;
    const values = new Float64Array(count);
    if (getVarint(from) === GAPLESS) decodeAxis(from, count, values, 0, null);
    else decodeValues(from, count, values, 0);
    fields.set(name, values);
  }
  return { atMs, fields };
}

/** Samples side by side; a field that some of them lack is NaN there. */
export function columnsOf(samples: readonly Sample[]): SampleColumns {
  const atMs = Float64Array.from(samples, (sample) => sample.atMs);
  const fields = new Map<string, Float64Array>();
  samples.forEach(({ values }, i) => {
    for (const [name, value] of Object.entries(values)) {
      let column = fields.get(name);
      if (!column) fields.set(name, (column = new Float64Array(samples.length).fill(NaN)));
      column[i] = value ?? NaN;
    }
  });
  return { atMs, fields };
}

function putNumber(n: number): void {
  reserve(out, 8);
  out.at = putVarint(out.bytes, out.at, n);
}
