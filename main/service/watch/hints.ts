/**
 * Hints that something changed, from the system's own notifications. They may be late, doubled or missing: stat is the truth.
 * Linux has one watch a folder (and one inotify instance in all); macOS and Windows watch a whole root natively.
 */
import { watch, type FSWatcher } from 'node:fs';
import type { Native } from './disk.ts';

export interface HintListener {
  /** The file at this path (relative to the root) may have changed. */
  file(path: string): void;
  /** Entries of this folder may have come or gone. */
  folder(path: string): void;
  /** Watching stopped working for (a part of) the root: poll it. The sentence names the limit that was hit. */
  trouble(sentence: string): void;
}

export interface Hints {
  watch(folder: string, native: Native): void;
  unwatch(folder: string): void;
  close(): void;
}

/** More watches than this cost more memory than polling costs time. */
const WATCH_CAP = 16_384;

/** Hints for the folders below `root` (absolute). */
export function openHints(root: string, listener: HintListener): Hints {
  return process.platform === 'linux' ? perFolder(listener) : recursive(root, listener);
}

function perFolder(listener: HintListener): Hints {
  const watchers = new Map<string, FSWatcher>();
  let stopped = false;

  function add(folder: string, native: Native): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
    if (stopped) return;
    if (watchers.size >= WATCH_CAP) return stop(`more than ${WATCH_CAP} folders: the rest is looked at once in a while instead of at once`);
    try {
      const watcher = watch(native as string, { persistent: false }, (event, name) => {
        if (event === 'rename' || name === null || name.includes('\ufffd')) listener.folder(folder);
        else listener.file(folder === '' ? name : `${folder}/${name}`);
      });
      watcher.on('error', () => listener.folder(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOSPC') stop('the limit of file watches is reached (fs.inotify.max_user_watches): looking once a second instead');
      else if (code === 'EMFILE' || code === 'ENFILE') {
        stop('the limit of watch instances or open files is reached (fs.inotify.max_user_instances): looking once a second instead');
      }
      // Anything else is a folder that went away: the scan will say so.
    }
  }

  function stop(sentence: string): void {
    stopped = true;
    listener.trouble(sentence);
  }

  return {
    watch: add,
    unwatch(folder) {
      watchers.get(folder)?.close();
      watchers.delete(folder);
    },
    close() {
      stopped = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function recursive(root: string, listener: HintListener): Hints {
  let watcher: FSWatcher | null = null;
  const begin = (): void => {
    try {
      watcher = watch(root, { persistent: false, recursive: true }, (event, name) => {
        if (name === null) return listener.folder('');
        const path = name.replaceAll('\\', '/');
        const slash = path.lastIndexOf('/');
        if (event === 'change') listener.file(path);
        else listener.folder(slash < 0 ? '' : path.slice(0, slash));
      });
      watcher.on('error', () => listener.trouble('the system stopped reporting changes of this folder: looking once a second instead'));
    } catch {
      listener.trouble('the system does not report changes of this folder: looking once a second instead');
    }
  };
  return {
    watch(folder) {
      if (folder === '' && watcher === null) begin();
    },
    unwatch() {},
    close() {
      watcher?.close();
      watcher = null;
    },
  };
}
