/** The records of an event file, each whole, with its TFRecord framing (8 bytes of length, 4 of checksum, the content, 4 of checksum). */
export function recordsOf(bytes: Buffer): Buffer[] {
  const cut: Buffer[] = [];
  for (let from = 0; from + 12 <= bytes.length; ) {
    const to = from + 16 + Number(bytes.readBigUInt64LE(from));
    cut.push(bytes.subarray(from, to));
    from = to;
  }
  return cut;
}
