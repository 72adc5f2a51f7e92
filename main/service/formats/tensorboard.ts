/** TensorBoard event files (format reference, section 1): TFRecord frames of `Event` messages. */
import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { EventReader, type SavedEvents } from './tensorboard-event.ts';
import { type FrameState, readFrames } from './tfrecord.ts';

export const tensorboard: StreamFormat = {
  id: 'tensorboard',
  title: 'TensorBoard event file',
  kind: 'stream',
  detect: isEventFile,
  open: (_probe, saved) => openEventFile(saved as SavedFile | undefined),
};

/** TensorBoard's own rule is the name alone; the content has the last word where there is any. */
function isEventFile(probe: Probe): boolean {
  if (!probe.name.includes('tfevents')) return false;
  const { head } = probe;
  if (head.length < 12) return true;
  const text = /\.(txt|json|jsonl|csv|log|md|yaml|yml|gz|zip|bz2|xz)$/i;
  return !text.test(probe.name);
}

interface SavedFile extends SavedEvents {
  searching: boolean;
}

function openEventFile(saved: SavedFile | undefined): Reader {
  const frames: FrameState = { searching: saved?.searching ?? false };
  const events = new EventReader(saved?.others ?? []);
  return {
    read(bytes: Uint8Array, offset: number, sink: Sink): number {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      events.begin(view, offset, sink);
      const done = readFrames(view, offset, frames, sink, events);
      events.end();
      return done;
    },
    save: (): SavedFile => ({ searching: frames.searching, ...events.save() }),
  };
}
