/** `Summary.Value` and `SummaryMetadata` (tensorflow/core/framework/summary.proto). */
import { BYTES, type Fields, FIXED32 } from './protobuf.ts';

/** Where the parts of the value stand that `readValue` read last; -1 for a part that is missing. */
export class SummaryValue {
  tagFrom = 0;
  tagTo = 0;
  isSimple = false;
  simple = 0;
  tensorFrom = -1;
  tensorTo = -1;
  metadataFrom = -1;
  metadataTo = -1;
}

/** Reads a value into `value`; false if it is damaged. Histograms, images and audio are passed over unread. */
export function readValue(fields: Fields, value: SummaryValue): boolean {
  let nodeFrom = 0;
  let nodeTo = 0;
  value.tagFrom = value.tagTo = 0;
  value.isSimple = false;
  value.tensorFrom = value.metadataFrom = -1;
  while (fields.next()) {
    if (fields.number === 2 && fields.wire === FIXED32) {
      value.simple = fields.float();
      value.isSimple = true;
    } else if (fields.wire !== BYTES) continue;
    else if (fields.number === 1) {
      value.tagFrom = fields.from;
      value.tagTo = fields.to;
    } else if (fields.number === 8) {
      value.tensorFrom = fields.from;
      value.tensorTo = fields.to;
    } else if (fields.number === 9) {
      value.metadataFrom = fields.from;
      value.metadataTo = fields.to;
    } else if (fields.number === 7) {
      nodeFrom = fields.from;
      nodeTo = fields.to;
    }
  }
  // Very old files name a value by its node.
  if (value.tagFrom === value.tagTo) {
    value.tagFrom = nodeFrom;
    value.tagTo = nodeTo;
  }
  return !fields.broken;
}

export class SummaryMetadata {
  plugin = '';
  contentFrom = 0;
  contentTo = 0;
  /** True if these values are scalars, or if the metadata does not say what they are. */
  isScalar = false;
}

/** Reads metadata into `metadata`; `inner` is a cursor to spare. */
export function readMetadata(fields: Fields, inner: Fields, metadata: SummaryMetadata): void {
  let dataClass = 0;
  metadata.plugin = '';
  metadata.contentFrom = metadata.contentTo = 0;
  while (fields.next()) {
    if (fields.number === 4) dataClass = fields.varint();
    if (fields.number !== 1 || fields.wire !== BYTES) continue;
    inner.inside(fields);
    while (inner.next()) {
      if (inner.number === 1 && inner.wire === BYTES) metadata.plugin = inner.text();
      else if (inner.number === 2 && inner.wire === BYTES) {
        metadata.contentFrom = inner.from;
        metadata.contentTo = inner.to;
      }
    }
  }
  metadata.isScalar = dataClass === 1 || metadata.plugin === 'scalars' || (dataClass === 0 && metadata.plugin === '');
}
