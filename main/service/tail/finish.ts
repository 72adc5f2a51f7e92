/** Reads the rest of a file whose path was removed or taken by another one, from the descriptor that was kept open. */
import type { Followed } from './followed.ts';
import { HEAD, judge, MARKER } from './identity.ts';
import { offerBytes, take } from './take.ts';
import type { Turn } from './turn.ts';

/** More than this is not read of a file that is gone: it was hardly a last word. */
const MOST_LOOKS = 1000;

/** Takes what was appended to the old file after the last look, with its last line, and lets the descriptor go. */
export async function finish(file: Followed, turn: Turn): Promise<void> {
  const { held } = turn.disk;
  const { native, format } = file;
  if (!held || typeof native !== 'string' || format?.kind !== 'stream' || file.comparing) return;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const from = file.place.offset;
    const back = Math.min(MARKER, from);
    const result = held.read(native, [
      { offset: 0, length: HEAD },
      { offset: from - back, length: back + file.chunk },
    ]);
    if (result === null || result.stat.inode !== file.last?.inode) break;
    const { stat } = result;
    const head = result.parts[0] ?? new Uint8Array();
    const window = result.parts[1] ?? new Uint8Array();
    const bytes = window.subarray(back);
    const verdict = judge(file.place, file.last, stat, head, window.subarray(0, back));
    if (bytes.length === 0 || verdict === 'replaced') break;
    const { more } = await take(file, format, turn, { stat, head, window, bytes });
    file.size = stat.size;
    if (more) continue;
    file.last = stat;
    const rest = bytes.subarray(file.place.offset - from);
    if (file.place.offset < stat.size && file.offeredAt !== stat.size) offerBytes(file, format, turn, rest);
    break;
  }
  held.drop(native);
}
