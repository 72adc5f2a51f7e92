import { appendFile, cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { EXAMPLES, type ExampleRun } from './examples.ts';

/** A played run takes this long, whatever the training took. */
const PLAY_MS = 36_000;
const TICK_MS = 120;
const RECORD_HEADER = 12;
const RECORD_FOOTER = 4;

export interface Playing {
  /** The root that played examples are written below. */
  root: string;
  /** Folder of the played run, relative to `root`. */
  folder: string;
  stop(): void;
}

/**
 * Writes an example again as its trainer did: configuration at once, then record after record of the log, at an even pace, into a new
 * folder below `root`. Throws for an unknown id.
 */
export async function play(id: string, examplesFolder: string, root: string, clock: Clock, onError: (error: Error) => void): Promise<Playing> {
  const example = EXAMPLES.find((each) => each.id === id);
  if (!example) throw new Error(`There is no example "${id}".`);
  const folder = await freshFolder(root, example.id);
  const from = join(examplesFolder, example.id);
  const to = join(root, folder);
  await cp(from, to, { recursive: true, filter: (source) => source !== join(from, example.log) });
  await mkdir(dirname(join(to, example.log)), { recursive: true });
  const stop = append(await records(example, from), join(to, example.log), clock, onError);
  return { root, folder: runFolder(folder, example), stop };
}

/** Numbered, so that an example can be played again beside its earlier runs. */
async function freshFolder(root: string, id: string): Promise<string> {
  await mkdir(root, { recursive: true });
  const taken = new Set(await readdir(root));
  let number = 1;
  while (taken.has(`${id}-${number}`)) number += 1;
  await mkdir(join(root, `${id}-${number}`));
  return `${id}-${number}`;
}

function runFolder(folder: string, example: ExampleRun): string {
  const below = dirname(example.log);
  return below === '.' ? folder : `${folder}/${below}`;
}

async function records(example: ExampleRun, from: string): Promise<Buffer[]> {
  const bytes = await readFile(join(from, example.log));
  return example.log.includes('tfevents') ? eventRecords(bytes) : lines(bytes);
}

function lines(bytes: Buffer): Buffer[] {
  const cut: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    cut.push(bytes.subarray(from, at + 1));
    from = at + 1;
  }
  return cut;
}

/** TFRecord framing: u64 length, its checksum, data, its checksum. */
function eventRecords(bytes: Buffer): Buffer[] {
  const cut: Buffer[] = [];
  let from = 0;
  while (from + RECORD_HEADER <= bytes.length) {
    const to = from + RECORD_HEADER + Number(bytes.readBigUInt64LE(from)) + RECORD_FOOTER;
    cut.push(bytes.subarray(from, to));
    from = to;
  }
  return cut;
}

function append(all: readonly Buffer[], file: string, clock: Clock, onError: (error: Error) => void): () => void {
  const start = clock.steady();
  let written = 0;
  let cancel = clock.after(0, next);
  let stopped = false;

  function next(): void {
    const due = Math.min(all.length, Math.max(1, Math.floor(((clock.steady() - start) / PLAY_MS) * all.length)));
    const piece = Buffer.concat(all.slice(written, due));
    written = due;
    appendFile(file, piece).then(() => {
      if (!stopped && written < all.length) cancel = clock.after(TICK_MS, next);
    }, onError);
  }

  return () => {
    stopped = true;
    cancel();
  };
}
