/** SHA-1 (FIPS 180-4) in plain code, for the first few short texts of a process: see `hashOf` in identity.ts. */

/** The SHA-1 of the bytes, 40 hex digits. */
export function sha1(bytes: Uint8Array): string {
  const blocks = padded(bytes);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  for (let at = 0; at < blocks.byteLength; at += 64) takeBlock(state, words, blocks, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The bytes, a one bit, zeros, and the number of bits in the last eight bytes of a block. */
function padded(bytes: Uint8Array): DataView {
  const all = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64));
  all.set(bytes);
  all[bytes.length] = 0x80;
  const view = new DataView(all.buffer);
  view.setUint32(all.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(all.length - 4, (bytes.length * 8) >>> 0);
  return view;
}

/** The rotations are written out: calls of a function, in code that is not compiled yet, made the first curves 2 ms later. */
function takeBlock(state: Int32Array, words: Int32Array, blocks: DataView, at: number): void {
  for (let t = 0; t < 16; t += 1) words[t] = blocks.getInt32(at + 4 * t);
  for (let t = 16; t < 80; t += 1) {
    const word = words[t - 3]! ^ words[t - 8]! ^ words[t - 14]! ^ words[t - 16]!;
    words[t] = (word << 1) | (word >>> 31);
  }
  let [a, b, c, d, e] = [state[0]!, state[1]!, state[2]!, state[3]!, state[4]!];
  for (let t = 0; t < 80; t += 1) {
    const mixed = t < 20 ? ((b & c) | (~b & d)) + 0x5a827999 : t < 40 ? (b ^ c ^ d) + 0x6ed9eba1 : t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc : (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + mixed + e + words[t]!) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
}
