import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { networkBelow } from '../../../main/service/watch/mounts.ts';

function table(...mounts: [at: string, type: string][]): string {
  const lines = [['/', 'ext4'] as const, ...mounts].map(([at, type], index) => `${index} 1 8:1 / ${at} rw shared:1 - ${type} source rw`);
  return lines.join('\n');
}

test('local disks are local', () => {
  expect(networkBelow('/home/me/runs', table(['/home', 'btrfs'], ['/tmp', 'tmpfs'], ['/media/stick', 'fuseblk']))).toBeNull();
});

test('a root on a network mount, also on a local disk that is reached through one', () => {
  const mounts = table(['/mnt', 'nfs4'], ['/mnt/scratch', 'xfs'], ['/srv/x', 'fuse.sshfs']);
  expect(networkBelow('/mnt/runs', mounts)).toBe('nfs4');
  expect(networkBelow('/mnt/scratch/runs', mounts)).toBe('nfs4');
  expect(networkBelow('/srv/x/runs/deep', mounts)).toBe('fuse.sshfs');
});

test('a network mount below the root makes the whole root careful', () => {
  expect(networkBelow('/home/me', table(['/home/me/cluster', 'nfs']))).toBe('nfs');
  expect(networkBelow('/home/me2', table(['/home/me/cluster', 'nfs']))).toBeNull();
});

test('spaces in mount points are written as octal', () => {
  expect(networkBelow('/mnt/my disk/runs', table(['/mnt/my\\040disk', 'cifs']))).toBe('cifs');
});

test('a link onto a network mount is recognised without touching the mount', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-mounts-'));
  mkdirSync(join(folder, 'inside'));
  symlinkSync('/nowhere-nfs/runs', join(folder, 'runs'));
  symlinkSync('inside', join(folder, 'near'));
  const mounts = table(['/nowhere-nfs', 'nfs4']);
  expect(networkBelow(join(folder, 'runs', 'deep'), mounts)).toBe('nfs4');
  expect(networkBelow(join(folder, 'near'), mounts)).toBeNull();
  rmSync(folder, { recursive: true });
});

test('a loop of links ends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-mounts-'));
  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  expect(networkBelow(join(folder, 'a'), table())).toBeNull();
  rmSync(folder, { recursive: true });
});
