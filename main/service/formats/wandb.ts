/** Weights & Biases' transaction log `run-<id>.wandb` (format reference 3.1): written online and offline alike. */
import { FILE_HEADER, type BlockState, readBlocks } from './blocks.ts';
import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { type SavedRecords, WandbRecords } from './wandb-record.ts';

/** ":W&B", magic 0xBEE1, version 0. */
const MAGIC = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe];

export const wandb: StreamFormat = {
  id: 'wandb',
  title: 'Weights & Biases log (.wandb)',
  kind: 'stream',
  detect: (probe: Probe) => probe.name.endsWith('.wandb') && startsWith(probe.head, MAGIC),
  open: (_probe, saved) => openLog(saved as SavedLog | undefined),
};

interface SavedLog extends SavedRecords {
  blocks: BlockState;
  buffered: boolean;
}

function openLog(saved: SavedLog | undefined): Reader {
  const blocks: BlockState = saved?.blocks ?? { searching: false, damagedBlock: -1 };
  const records = new WandbRecords(saved?.steps ?? [], saved?.axes ?? []);
  let buffered = saved?.buffered ?? false;
  return {
    read(bytes: Uint8Array, offset: number, sink: Sink): number {
      const skip = Math.max(0, FILE_HEADER - offset);
      if (bytes.length < skip) return 0;
      const wasBuffered = buffered;
      buffered = offset + bytes.length <= FILE_HEADER;
      // Until a block is full or the run ends, most versions keep everything in memory.
      if (buffered) sink.fact('note', 'buffered by wandb');
      else if (wasBuffered) sink.fact('note', '');
      records.begin(sink);
      const done = readBlocks(bytes.subarray(skip), offset + skip, blocks, sink, (record) => records.take(record));
      records.end();
      return skip + done;
    },
    save: (): SavedLog => ({ blocks, buffered, ...records.save() }),
  };
}

/** True if `head` begins with these bytes. */
export function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, at) => head[at] === byte);
}
