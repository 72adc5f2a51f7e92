/** Scalars in tensors, as TensorFlow 2 and PyTorch's `new_style` write them (tensorflow/core/framework/tensor.proto). */
import { BYTES, FIXED32, FIXED64, type Fields, varintAt, VARINT } from './protobuf.ts';

const FLOAT = 1;
const DOUBLE = 2;
const INT32 = 3;
const STRING = 7;
const INT64 = 9;
const BFLOAT16 = 14;
const HALF = 19;

/** What `readTensor` found in the last tensor it was given. */
export class Tensor {
  dtype = 0;
  rank = 0;
  /** True if the tensor is one number of a type that a scalar can have. */
  isScalar = false;
  value = 0;
  /** Where the first string stands, if the tensor holds strings; else from is -1. */
  textFrom = -1;
  textTo = -1;
}

/** Reads a TensorProto into `tensor`; `fields` stands at its start and `inner` is a cursor to spare. */
export function readTensor(fields: Fields, inner: Fields, tensor: Tensor): void {
  let contentFrom = -1;
  let contentTo = -1;
  let listed = NaN;
  let hasListed = false;
  tensor.dtype = 0;
  tensor.rank = 0;
  tensor.textFrom = -1;
  while (fields.next()) {
    if (fields.number === 1) tensor.dtype = fields.varint();
    else if (fields.number === 2 && fields.wire === BYTES) tensor.rank = rankOf(inner.inside(fields));
    else if (fields.number === 4 && fields.wire === BYTES) {
      contentFrom = fields.from;
      contentTo = fields.to;
    } else if (fields.number === 8 && fields.wire === BYTES && tensor.textFrom < 0) {
      tensor.textFrom = fields.from;
      tensor.textTo = fields.to;
    } else if (fields.number === listField(tensor.dtype) && !hasListed && fields.length > 0) {
      listed = firstListed(fields, tensor.dtype);
      hasListed = true;
    }
  }
  tensor.isScalar = !fields.broken && tensor.rank === 0 && listField(tensor.dtype) > 0;
  if (!tensor.isScalar) return;
  const size = sizeOf(tensor.dtype);
  // A tensor without content and without a list is all zeros by TensorProto's rules.
  if (hasListed) tensor.value = listed;
  else if (contentTo - contentFrom < size) tensor.value = 0;
  else tensor.value = contentAt(fields.view, contentFrom, tensor.dtype);
}

export function isText(tensor: Tensor): boolean {
  return tensor.dtype === STRING && tensor.textFrom >= 0;
}

/** Number of dimensions; -1 for "unknown rank". */
function rankOf(shape: Fields): number {
  let rank = 0;
  while (shape.next()) {
    if (shape.number === 2) rank += 1;
    else if (shape.number === 3 && shape.varint() !== 0) return -1;
  }
  return rank;
}

/** The field of TensorProto that lists values of a type; 0 for types that no scalar has. */
function listField(dtype: number): number {
  if (dtype === FLOAT) return 5;
  if (dtype === DOUBLE) return 6;
  if (dtype === INT32) return 7;
  if (dtype === INT64) return 10;
  if (dtype === HALF || dtype === BFLOAT16) return 13;
  return 0;
}

function sizeOf(dtype: number): number {
  if (dtype === DOUBLE || dtype === INT64) return 8;
  return dtype === HALF || dtype === BFLOAT16 ? 2 : 4;
}

/** The first value of a repeated field, packed or not. */
function firstListed(fields: Fields, dtype: number): number {
  const { view, from, to, wire } = fields;
  const packed = wire === BYTES;
  if (dtype === FLOAT) return (packed && to - from >= 4) || wire === FIXED32 ? view.getFloat32(from, true) : NaN;
  if (dtype === DOUBLE) return (packed && to - from >= 8) || wire === FIXED64 ? view.getFloat64(from, true) : NaN;
  if (!packed && wire !== VARINT) return NaN;
  const value = varintAt(view, from, to);
  return dtype === HALF ? halfToNumber(value) : dtype === BFLOAT16 ? bfloat16ToNumber(value) : value;
}

function contentAt(view: DataView, at: number, dtype: number): number {
  if (dtype === FLOAT) return view.getFloat32(at, true);
  if (dtype === DOUBLE) return view.getFloat64(at, true);
  if (dtype === INT32) return view.getInt32(at, true);
  if (dtype === INT64) return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  const bits = view.getUint16(at, true);
  return dtype === HALF ? halfToNumber(bits) : bfloat16ToNumber(bits);
}

/** IEEE 754 binary16 from its bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 from its bits: the upper half of a binary32. */
function bfloat16ToNumber(bits: number): number {
  scratch.setUint32(0, (bits & 0xffff) << 16);
  return scratch.getFloat32(0);
}
