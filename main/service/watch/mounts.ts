/**
 * Which file systems lie below a root, without touching any of them: a call into a hung network mount never returns.
 * Linux tells in /proc/self/mountinfo; elsewhere the path itself has to do.
 */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';

interface Mount {
  at: string;
  type: string;
}

const NETWORK = /^(nfs\d?|cifs|smb3|smbfs|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs.*|davfs|ncpfs|orangefs|panfs|drvfs|autofs|fuse(\..+)?)$/;

/** Type of the network file system on or below `path` ("nfs4"), or null if all is local. */
export function networkBelow(path: string, mountinfo = mountTable()): string | null {
  if (mountinfo === null) return /^\\\\|^\/\/|^\/(Volumes|net|Network)\//.test(path) ? 'network volume' : null;
  const mounts = parseMounts(mountinfo);
  const crossed = lexicalTarget(resolve(path), mounts);
  if (crossed.network) return crossed.network;
  const inside = crossed.path === '/' ? '/' : `${crossed.path}/`;
  return mounts.find((mount) => NETWORK.test(mount.type) && mount.type !== 'autofs' && mount.at.startsWith(inside))?.type ?? null;
}

/** Follows links by hand, part by part, and stops before the first part that lies on a network mount. */
function lexicalTarget(path: string, mounts: Mount[], hops = 0): { path: string; network: string | null } {
  const parts = path.split('/').filter(Boolean);
  let at = '';
  for (let index = 0; index < parts.length; index += 1) {
    at += `/${parts[index]}`;
    const network = mountOf(at, mounts);
    if (network && NETWORK.test(network.type)) return { path, network: network.type };
    const target = linkAt(at);
    if (target === null) continue;
    if (hops > 40) break;
    const rest = parts.slice(index + 1).join('/');
    const base = isAbsolute(target) ? target : resolve(dirname(at), target);
    return lexicalTarget(resolve(base, rest), mounts, hops + 1);
  }
  return { path: at === '' ? '/' : at, network: null };
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** The mount that holds `path`: the longest prefix; of two on the same place the later one. */
function mountOf(path: string, mounts: Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const holds = mount.at === '/' || path === mount.at || path.startsWith(`${mount.at}/`);
    if (holds && (best === null || mount.at.length >= best.at.length)) best = mount;
  }
  return best;
}

/** The table as it was read last: it is asked for with every root and every scan, and seldom changes. */
let parsed: { table: string; mounts: Mount[] } = { table: '', mounts: [] };

/** Lines as in proc(5): id parent major:minor root mount-point options [fields] - type source options; spaces as \040. */
function parseMounts(mountinfo: string): Mount[] {
  if (mountinfo === parsed.table) return parsed.mounts;
  const mounts: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    const at = before?.split(' ')[4];
    const type = after?.split(' ')[0];
    if (at && type) mounts.push({ at: at.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))), type });
  }
  parsed = { table: mountinfo, mounts };
  return mounts;
}

function mountTable(): string | null {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return null;
  }
}
