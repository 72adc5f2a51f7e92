/** Kinds of logs that the kill loop writes, each with a model of what its bytes say. Texts stand for bytes (latin1). */
import { event, record, simple } from '../unit/formats/encode.ts';
import { HEADER } from './number-formats.ts';

export interface Kind {
  file: string;
  /** What every file begins with. */
  start: string;
  /** A record that holds a value which is never used twice. */
  record(value: number): string;
  /** The values of all complete records, in order. */
  values(text: string): number[];
  /** The path after rotation. */
  rotated(path: string, number: number): string;
}

/** What a program that crashes or shares the file may write into any log. */
export const RUBBISH = '\u00ff;;;broken\n';

/** Between the name and its ending. */
const numbered = (path: string, number: number): string => path.replace(/(\.\w+)$/, `-${number}$1`);

/** A kind whose records are lines with one value in each that matches. */
function lines(file: string, start: string, line: (value: number) => string, shape: RegExp): Kind {
  const values = (text: string): number[] => text.split('\n').slice(0, -1).flatMap((each) => shape.exec(each)?.[1] ?? []).map(Number);
  return { file, start, record: (value) => `${line(value)}\n`, values, rotated: numbered };
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** The value is the step, which holds more digits than a 32-bit float. Rubbish stands only between records. */
const events: Kind = {
  file: 'events.out.tfevents.1700000000.host',
  start: latin(record(Uint8Array.from([9, 0, 0, 0, 0, 0, 0, 0, 0, 26, 13, ...Buffer.from('brain.Event:2')]))),
  record: (value) => latin(record(event(value, [simple('loss', 0.5)]))),
  values(text) {
    const bytes = Buffer.from(text, 'latin1');
    const found: number[] = [];
    for (let at = 0; at + 16 <= bytes.length; ) {
      if (bytes[at] === 0xff) {
        at += RUBBISH.length;
        continue;
      }
      const length = bytes.readUInt32LE(at);
      if (at + 16 + length > bytes.length) break;
      const step = stepIn(bytes.subarray(at + 12, at + 12 + length));
      if (step !== null) found.push(step);
      at += 16 + length;
    }
    return found;
  },
  rotated: (path, number) => `${path}.${number}`,
};

/** Field 2 of an event, a varint behind the time. */
function stepIn(message: Buffer): number | null {
  if (message[9] !== 0x10) return null;
  let step = 0;
  for (let at = 10, scale = 1; ; at += 1, scale *= 128) {
    const byte = message[at] ?? 0;
    step += (byte & 127) * scale;
    if (byte < 128) return step;
  }
}

export const KINDS: readonly Kind[] = [
  lines('log.num', HEADER, String, /^(\d+)$/),
  lines('metrics.csv', 'step,loss\n', (value) => `${value},${value}`, /^\d+,(\d+)$/),
  lines('log.jsonl', '', (value) => `{"step": ${value}, "loss": ${value}.0}`, /^\{"step": \d+, "loss": (\d+)\.0\}$/),
  events,
];
