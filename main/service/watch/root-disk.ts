/** The disk of a root: this thread for local file systems, a worker from the moment on that a network file system lies on or below it. */
import type { Clock } from '../clock.ts';
import { localDisk, type Disk } from './disk.ts';
import { networkBelow } from './mounts.ts';
import { workerScript } from '../workerScript.ts';
import { slowDisk } from './slow-disk.ts';

export interface RootDisk extends Disk {
  /** Looks at the mount table again. Returns the type of the network file system ("nfs4"), null for a local root. */
  recheck(): string | null;
}

export interface RootDiskOptions {
  clock: Clock;
  onHang(hangs: boolean): void;
}

/** Opens the disk of the root at `path`, without touching it. */
export function rootDisk(path: string, { clock, onHang }: RootDiskOptions): RootDisk {
  let type: string | null = null;
  let disk: Disk | null = null;

  function recheck(): string | null {
    if (type !== null) return type;
    type = networkBelow(path);
    if (type === null) return null;
    void disk?.close();
    disk = slowDisk(workerScript('disk-worker'), { clock, onHang });
    return type;
  }

  recheck();
  const now = (): Disk => (disk ??= localDisk(clock.steady));
  return {
    recheck,
    get held() {
      return now().held;
    },
    stat: (paths) => now().stat(paths),
    list: (folder, large) => now().list(folder, large),
    read: (file, ranges) => now().read(file, ranges),
    realpath: (at) => now().realpath(at),
    localCopy: (file) => now().localCopy(file),
    close: () => now().close(),
  };
}
