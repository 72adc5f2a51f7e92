/** What lies in a folder, by kind. */
import { opendirSync, readdirSync, type Dirent } from 'node:fs';
import { readableName } from './names.ts';
import { openPace } from './pace.ts';
import { kindOf, statAt, type Kind, type Native } from './regular-file.ts';

/** The name of what lies in a folder: text, or, where its bytes are no UTF-8, those with a readable name (see `readableName`). */
export type Entry = string | OddName;

export interface OddName {
  name: string;
  native: Uint8Array;
}

/** The entries of a folder by kind. Lists of names, since an object an entry is what tens of thousands of files feel. */
export type Listing = Record<Kind, Entry[]>;

/** The readable name of an entry. */
export function nameOf(entry: Entry): string {
  return typeof entry === 'string' ? entry : entry.name;
}

/** The path of an entry of a folder, as the system takes it: text where both are. */
export function pathOf(folder: Native, entry: Entry): Native {
  return joinNative(folder, typeof entry === 'string' ? entry : entry.native);
}

function joinNative(folder: Native, name: Native): Native {
  if (typeof folder === 'string' && typeof name === 'string') return folder === '/' ? folder + name : `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder as Uint8Array), Buffer.from('/'), Buffer.from(name as Uint8Array)]);
}

/** The entries of a folder. Throws the system's error. */
export function list(folder: Native): Listing {
  let found: Dirent[];
  try {
    found = readdirSync(folder as string, { withFileTypes: true });
  } catch {
    return listUntold(folder);
  }
  // A name that is no UTF-8 arrives with replacement characters and could not be opened: take the bytes of this folder instead.
  if (found.some(({ name }) => name.includes('\ufffd'))) return listBytes(folder);
  const listing = emptyListing();
  for (const entry of found) put(listing, folder, entry.name, kindOf(entry));
  return listing;
}

function listBytes(folder: Native): Listing {
  const listing = emptyListing();
  for (const entry of readdirSync(folder as string, { withFileTypes: true, encoding: 'buffer' })) put(listing, folder, entryOf(entry.name), kindOf(entry));
  return listing;
}

/** Where the listing does not tell kinds Node asks for each, and one file that cannot be asked would hide all others. */
function listUntold(folder: Native): Listing {
  const listing = emptyListing();
  for (const bytes of readdirSync(folder as string, 'buffer')) put(listing, folder, entryOf(bytes), null);
  return listing;
}

/** The same of a folder of a million images, which takes a second: in portions, so that the thread stays free. Twice as dear as `list`. */
export async function listLarge(folder: Native): Promise<Listing> {
  const pace = openPace();
  const open = opendirSync(folder as string, { bufferSize: 1024 });
  const listing = emptyListing();
  let count = 0;
  try {
    for (let found = open.readSync(); found; found = open.readSync()) {
      if (found.name.includes('\ufffd')) return listBytes(folder);
      put(listing, folder, found.name, kindOf(found));
      if ((count += 1) % 1024 === 0 && pace.isSpent()) await pace.rest();
    }
  } finally {
    open.closeSync();
  }
  return listing;
}

function emptyListing(): Listing {
  return { file: [], folder: [], link: [], other: [] };
}

function put(into: Listing, folder: Native, entry: Entry, kind: Kind | null): void {
  into[kind ?? kindAt(pathOf(folder, entry))].push(entry);
}

/** Names of a folder read as bytes are bytes only where they must be. */
function entryOf(bytes: Uint8Array): Entry {
  const name = readableName(bytes);
  return name.includes('\\x') ? { name, native: bytes } : name;
}

/** For file systems that do not say the kind in the listing. What cannot be asked passes for a file: its stat will say what is wrong. */
function kindAt(path: Native): Kind {
  const found = statAt(path);
  if ('kind' in found) return found.kind;
  return found.code === 'ENOENT' ? 'other' : 'file';
}
