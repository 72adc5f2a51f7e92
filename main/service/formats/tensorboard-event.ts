/** From one `Event` message to points, configuration and restarts (tensorflow/core/util/event.proto, framework/summary.proto). */
import type { Points } from '../points.ts';
import { maskedCrc32c } from './crc32c.ts';
import type { Sink } from './format.ts';
import { BYTES, Fields } from './protobuf.ts';
import { TagTable } from './tag-table.ts';
import { configPrefixOf, readHparams, readJsonText } from './tensorboard-hparams.ts';
import { isText, readTensor, Tensor } from './tensorboard-tensor.ts';
import { readMetadata, readValue, SummaryMetadata, SummaryValue } from './tensorboard-value.ts';
import { FOOTER, HEADER, SHORT, SHORT_SUMS } from './tfrecord.ts';

const SESSION_START = 1;
/** No writer's tags are longer and no run has more of them: beyond is damage or mischief. */
const LONGEST_TAG = 4096;
const MOST_TAGS = 100_000;

/** Bytes of the usual event in its frame, and of the smallest one that is plain. */
const USUAL_RECORD = 48;
const LEAST_PLAIN = 40;

const NOTHING: DataView = new DataView(new ArrayBuffer(0));
const NO_SINK = null as unknown as Sink;
const utf8 = new TextDecoder();

export interface SavedEvents {
  /** Tags whose tensors are single numbers but, by the metadata of their first value, no scalars. */
  others: string[];
}

/** Takes the events of one file. */
export class EventReader {
  #tags = new TagTable(MOST_TAGS);
  /** Where the points of each tag go during one read; undefined until the tag turns up in it. */
  #columns: (Points | undefined)[] = [];
  #others: Set<string>;
  #view = NOTHING;
  /** The bytes of the view: a single byte is read faster from them. */
  #bytes: Uint8Array = new Uint8Array();
  #offset = 0;
  #sink = NO_SINK;
  #event = new Fields();
  #summary = new Fields();
  #fields = new Fields();
  #inner = new Fields();
  #value = new SummaryValue();
  #metadata = new SummaryMetadata();
  #tensor = new Tensor();
  /** File offset of the record that is being read. */
  #place = 0;

  constructor(others: readonly string[]) {
    this.#others = new Set(others);
  }

  save(): SavedEvents {
    return { others: [...this.#others] };
  }

  /** Handles hold for one read: everything that depends on the sink is fetched anew. `offset` is the file offset of the view. */
  begin(view: DataView, offset: number, sink: Sink): void {
    this.#view = view;
    this.#bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.#offset = offset;
    this.#sink = sink;
    this.#columns.fill(undefined);
  }

  /** Lets go of the bytes and the sink. */
  end(): void {
    this.begin(NOTHING, 0, NO_SINK);
  }

  /**
   * Takes the records from place `at` of the view on as long as they are whole and plain, and returns where the first other one begins.
   * The short function that it calls a million times is compiled once; a loop around all kinds of records was compiled three times.
   */
  takePlain(at: number): number {
    for (;;) {
      const next = this.#takePlainRecord(at);
      if (next === at) return at;
      at = next;
    }
  }

  /** The end of the record at `at` if it is whole and plain, and then taken, else `at`. */
  #takePlainRecord(at: number): number {
    const view = this.#view;
    // `byteLength` of a view is a call.
    const end = this.#bytes.length;
    if (at + LEAST_PLAIN > end) return at;
    const length = view.getInt32(at, true);
    if (length < 24 || length >= SHORT || view.getInt32(at + 4, true) !== 0 || view.getInt32(at + 8, true) !== SHORT_SUMS[length]) return at;
    const from = at + HEADER;
    const to = from + length;
    if (to + FOOTER > end || maskedCrc32c(view, from, to) !== view.getUint32(to, true)) return at;
    return this.#takePlainEvent(from, to) ? to + FOOTER : at;
  }

  /**
   * The event that nearly all are: wall time, step, and a summary of one tag and one float, in this order and nothing else.
   * Returns false, having done nothing, for every other. It reads what the general way would, in a fraction of its time.
   */
  #takePlainEvent(from: number, to: number): boolean {
    const bytes = this.#bytes;
    if (bytes[from] !== 0x09) return false;
    let at = from + 9;
    let step = 0;
    if (bytes[at] === 0x10) {
      let byte = 128;
      for (let shift = 0; byte > 127; shift += 7) {
        if (shift > 21) return false;
        at += 1;
        byte = bytes[at]!;
        step |= (byte & 127) << shift;
      }
      at += 1;
    }
    // From here every length is one byte, and each message must end where the event ends.
    const rest = to - at;
    if (rest < 12 || rest > 129 || bytes[at] !== 0x2a || bytes[at + 1] !== rest - 2) return false;
    if (bytes[at + 2] !== 0x0a || bytes[at + 3] !== rest - 4) return false;
    if (bytes[at + 4] !== 0x0a || bytes[at + 5] !== rest - 11 || bytes[to - 5] !== 0x15) return false;
    const view = this.#view;
    const time = view.getFloat64(from + 1, true);
    if (!(time > 0 && time < Infinity)) return false;
    const tag = this.#tags.find(view, at + 6, to - 5);
    if (tag < 0) return false;
    (this.#columns[tag] ?? this.#columnsOf(tag)).push(step, NaN, time, view.getFloat32(to - 4, true));
    return true;
  }

  #columnsOf(tag: number): Points {
    const columns = this.#sink.columns(this.#sink.series(this.#tags.names[tag] ?? ''));
    // Tags share a file about equally. Growing step by step took a fifth of the time of ingest.
    columns.reserve(columns.length + Math.ceil(this.#view.byteLength / USUAL_RECORD / Math.max(4, this.#tags.names.length)));
    while (this.#columns.length <= tag) this.#columns.push(undefined);
    this.#columns[tag] = columns;
    return columns;
  }

  /** Reads the event that stands in the view from `from` to `to`, whatever it holds. */
  take(from: number, to: number): void {
    this.#place = this.#offset + from - 12;
    const event = this.#event.over(this.#view, from, to);
    let time = 0;
    let step = 0;
    while (event.next()) {
      if (event.number === 1) time = event.double();
      else if (event.number === 2) step = event.varint();
      else if (event.number === 7 && event.wire === BYTES && isSessionStart(this.#inner.inside(event))) this.#sink.restart();
    }
    if (event.broken) return this.#problem('This record is no event; it was left out.');
    const seconds = time > 0 && time < Infinity ? time : NaN;
    event.over(this.#view, from, to);
    while (event.next()) {
      if (event.number !== 5 || event.wire !== BYTES) continue;
      if (time !== time) return this.#problem('The time of this event is NaN; like TensorBoard, Gapwatch leaves it out.');
      this.#takeSummary(this.#summary.inside(event), step, seconds);
    }
  }

  #takeSummary(summary: Fields, step: number, time: number): void {
    while (summary.next()) {
      if (summary.number !== 1 || summary.wire !== BYTES) continue;
      if (readValue(this.#fields.inside(summary), this.#value)) this.#takeValue(step, time);
      else this.#problem('A value in this event is damaged; it was left out.');
    }
    if (summary.broken) this.#problem('The end of this event is damaged; it was left out.');
  }

  #takeValue(step: number, time: number): void {
    const value = this.#value;
    if (!value.isSimple && value.tensorFrom < 0 && value.metadataFrom < 0) return;
    if (value.tagTo === value.tagFrom) return this.#problem('A value in this event has no tag; it was left out.');
    if (value.tagTo - value.tagFrom > LONGEST_TAG) return this.#problem(`A tag of more than ${LONGEST_TAG} bytes was left out.`);
    const tag = this.#tags.find(this.#view, value.tagFrom, value.tagTo);
    if (tag < 0) return this.#problem(`This file has more than ${MOST_TAGS} tags; a value of a further one was left out.`);
    if (value.isSimple) (this.#columns[tag] ?? this.#columnsOf(tag)).push(step, NaN, time, value.simple);
    else this.#takeTensor(tag, step, time);
  }

  /** A value by tensor, by metadata, or both. Metadata stands only with the first value of a tag, so what it rules out is remembered. */
  #takeTensor(tag: number, step: number, time: number): void {
    const { tensorFrom, tensorTo, metadataFrom, metadataTo } = this.#value;
    const name = this.#tags.names[tag] ?? '';
    const metadata = this.#metadata;
    if (metadataFrom >= 0) {
      readMetadata(this.#fields.over(this.#view, metadataFrom, metadataTo), this.#inner, metadata);
      if (metadata.plugin === 'hparams') readHparams(this.#view, metadata.contentFrom, metadata.contentTo, this.#sink);
    }
    if (tensorFrom < 0) return;
    const tensor = this.#tensor;
    readTensor(this.#fields.over(this.#view, tensorFrom, tensorTo), this.#inner, tensor);
    if (isText(tensor)) return this.#takeText(name);
    if (!tensor.isScalar) return;
    if (metadataFrom >= 0 && !metadata.isScalar) this.#others.add(name);
    if (this.#others.size > 0 && this.#others.has(name)) return;
    (this.#columns[tag] ?? this.#columnsOf(tag)).push(step, NaN, time, tensor.value);
  }

  #takeText(name: string): void {
    const prefix = configPrefixOf(name);
    if (prefix === null) return;
    const { textFrom, textTo } = this.#tensor;
    const text = utf8.decode(new Uint8Array(this.#view.buffer, this.#view.byteOffset + textFrom, textTo - textFrom));
    readJsonText(text, prefix, this.#sink);
  }

  #problem(text: string): void {
    this.#sink.problem(this.#place, text);
  }
}

function isSessionStart(session: Fields): boolean {
  while (session.next()) if (session.number === 1 && session.varint() === SESSION_START) return true;
  return false;
}
