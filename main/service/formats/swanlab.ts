/**
 * SwanLab's backup of a run (format reference 3.4): wandb's framing with a header of its own. Version 1 (SwanLab 0.7) holds JSON lines,
 * version 2 (from 0.9 on) protobuf messages.
 */
import { FILE_HEADER, type BlockState, readBlocks } from './blocks.ts';
import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { takeJsonRecord, takeRecord } from './swanlab-record.ts';
import { startsWith } from './wandb.ts';

/** ":SWL", magic 0xE1D6. */
const MAGIC = [0x3a, 0x53, 0x57, 0x4c, 0xd6, 0xe1];
const BRACE = 0x7b;

export const swanlab: StreamFormat = {
  id: 'swanlab',
  title: 'SwanLab log (.swanlab)',
  kind: 'stream',
  detect: (probe: Probe) => probe.name.endsWith('.swanlab') && startsWith(probe.head, MAGIC),
  open: (_probe, saved) => openBackup(saved as SavedBackup | undefined),
};

interface SavedBackup {
  blocks: BlockState;
  buffered: boolean;
}

function openBackup(saved: SavedBackup | undefined): Reader {
  const blocks: BlockState = saved?.blocks ?? { searching: false, damagedBlock: -1 };
  let buffered = saved?.buffered ?? false;
  return {
    read(bytes: Uint8Array, offset: number, sink: Sink): number {
      const skip = Math.max(0, FILE_HEADER - offset);
      if (bytes.length < skip) return 0;
      const wasBuffered = buffered;
      buffered = offset + bytes.length <= FILE_HEADER;
      if (buffered) sink.fact('note', 'buffered by SwanLab');
      else if (wasBuffered) sink.fact('note', '');
      // The file header's version says which of the two it is, and so does the first byte of every record.
      const take = (record: DataView): void => {
        if (record.byteLength > 0 && record.getUint8(0) === BRACE) takeJsonRecord(record, sink);
        else takeRecord(record, sink);
      };
      return skip + readBlocks(bytes.subarray(skip), offset + skip, blocks, sink, take);
    },
    save: (): SavedBackup => ({ blocks, buffered }),
  };
}
