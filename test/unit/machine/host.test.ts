import { describe, expect, it } from 'vitest';
import { readMemInfo, readProcStat, shares } from '../../../main/service/machine/host.ts';

describe('the host', () => {
  it('reads /proc/stat without counting guest time twice', () => {
    expect(readProcStat('cpu  100 10 50 800 40 0 0 0 70 0\ncpu0 1 1 1 1\n')).toEqual({ total: 1000, idle: 840, ioWait: 40 });
    expect(readProcStat('intr 1 2 3')).toBeNull();
    expect(readProcStat('cpu  1 x 3 4')).toBeNull();
  });

  it('gives shares between two looks', () => {
    const before = { total: 1000, idle: 840, ioWait: 40 };
    expect(shares(before, { total: 1200, idle: 890, ioWait: 60 })).toEqual({ cpu: 75, ioWait: 10 });
  });

  it('gives nothing where no time passed or a counter ran backwards', () => {
    const look = { total: 1000, idle: 840, ioWait: 40 };
    expect(shares(look, look)).toEqual({ cpu: null, ioWait: null });
    expect(shares(look, { total: 900, idle: 800, ioWait: 40 })).toEqual({ cpu: null, ioWait: null });
    expect(shares(look, { total: 1100, idle: 900, ioWait: 30 }).ioWait).toBeNull();
  });

  it('reads taken memory as what is not available', () => {
    expect(readMemInfo('MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    400 kB\n')).toEqual({ total: 1024000, used: 614400 });
    expect(readMemInfo('MemTotal: 1000 kB')).toBeNull();
  });
});
