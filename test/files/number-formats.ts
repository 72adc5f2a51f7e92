/** Two formats made for the tests of tailing: simple enough that a model of a file says which points it must have. */
import type { Format, Probe, Reader, Sink, SnapshotFormat, StreamFormat } from '../../main/service/formats/format.ts';

/** Every file begins alike, as the CSV files of one trainer do. */
export const HEADER = 'step and value of a training run, logged by a trainer\n';

/** One number a line; the point's step is the number of the line, so that a reader that lost its state is found out. */
const numberLines: StreamFormat = {
  id: 'number-lines',
  title: 'numbers, one a line',
  kind: 'stream',
  detect: (probe) => probe.name.includes('.num'),
  open: (_probe, saved) => openLines((saved as { line: number } | undefined)?.line ?? 0),
};

function openLines(start: number): Reader {
  let line = start;
  return {
    read(bytes, offset, sink, atEnd) {
      let done = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, done)) {
        take(bytes.subarray(done, end), offset + done, sink);
        done = end + 1;
      }
      if (atEnd && done < bytes.length) {
        take(bytes.subarray(done), offset + done, sink);
        done = bytes.length;
      }
      return done;
    },
    save: () => ({ line }),
  };

  function take(bytes: Uint8Array, offset: number, sink: Sink): void {
    const text = Buffer.from(bytes).toString('latin1');
    if (/^\d+$/.test(text)) sink.point(sink.series('n'), line, NaN, NaN, Number(text));
    else if (!HEADER.startsWith(text)) sink.problem(offset, 'no number in this line');
    line += 1;
  }
}

/** A JSON list of numbers, written anew each time. */
const numberList: SnapshotFormat = {
  id: 'number-list',
  title: 'numbers, one file',
  kind: 'snapshot',
  detect: (probe) => probe.name.endsWith('.list'),
  parse(bytes, sink) {
    const numbers = JSON.parse(Buffer.from(bytes).toString()) as number[];
    const series = sink.series('n');
    numbers.forEach((number, index) => sink.point(series, index, NaN, NaN, number));
  },
};

const known: Format[] = [numberLines, numberList];
export const recognise = (probe: Probe): Format | null => known.find((format) => format.detect(probe)) ?? null;
export const formatById = (id: string): Format | null => known.find((format) => format.id === id) ?? null;
