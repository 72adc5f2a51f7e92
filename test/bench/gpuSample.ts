/**
 * What a sample of the GPUs costs: one `nvidia-smi` that stays and prints a line for each, as we read it, beside one that is started anew for
 * each sample. Both are the same stand-in, a shell that forks nothing; counted is the CPU of this process and of all it started. The stand-in
 * favours the anchor: it starts in 4 ms of CPU, the program itself is said to take 90 to 640, while a line that a Node process does not even
 * look at costs it 0.2 ms. Without a driver nothing is started but once in five minutes (test/files/machine.test.ts).
 */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/service/clock.ts';
import { watchNvidia } from '../../main/service/machine/nvidia.ts';
import { cpuOf, familyOf } from './processes.ts';
import { milliseconds, paired, skipped, type Row } from './row.ts';

const PAIRS = 5;
const SAMPLES = 200;
/** A sampler runs for days: what is compiled in its first seconds is not of a sample. */
const WARM = 200;

/** Prints a row at once, and with `-lms` one every 20 ms until nobody reads: waiting is the shell's own, by a pipe that stays empty. */
const STAND_IN = `#!/bin/bash
case "$1" in --help-query-gpu) exit 1 ;; esac
row="GPU-00000001-1111-2222-3333-444444444444, 0, 55, 900, 81559, 41, 118.42, NVIDIA H100"
echo "$row"
case "$*" in *' -lms '*) ;; *) exit 0 ;; esac
exec 9<> <(:)
while echo "$row"; do read -rt 0.02 -u 9; done
`;

const WHAT = 'CPU of a sample of the GPUs, the stand-in for nvidia-smi included: one started for each / us';
const TARGET = { text: '>= 20', met: (ratio: number) => ratio >= 20 };

export async function benchGpuSample(): Promise<Row[]> {
  if (process.platform !== 'linux') return [skipped(WHAT, 'CPU of processes is read from /proc, which only Linux has', TARGET.text)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-gpu-'));
  try {
    const command = join(scratch, 'nvidia-smi');
    writeFileSync(command, STAND_IN);
    chmodSync(command, 0o755);
    const pairs: { ours: number; anchor: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await resident(command), anchor: await spawned(command) });
    return [paired(WHAT, pairs, milliseconds, ({ ours, anchor }) => anchor / ours, TARGET)];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Milliseconds of CPU a sample, from the first to the last: the start of the one child is once a day. */
async function resident(command: string): Promise<number> {
  let samples = 0;
  let enough: () => void = () => undefined;
  const source = watchNvidia({
    commands: [command],
    clock: systemClock,
    onSamples: (more) => void ((samples += more.length), enough()),
    onDevice: () => undefined,
    onState: () => undefined,
  });
  const until = (count: number): Promise<void> => new Promise((resolve) => (enough = () => void (samples >= count && resolve())));
  await until(WARM);
  const [own, children, from] = [process.cpuUsage(), cpuOf(childrenOf()), samples];
  await until(from + SAMPLES);
  const spent = msOf(own) + (cpuOf(childrenOf()) - children) * 1000;
  source.close();
  return spent / (samples - from);
}

async function spawned(command: string): Promise<number> {
  const [own, children] = [process.cpuUsage(), reaped()];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await new Promise<void>((resolve, reject) => execFile(command, ['--query-gpu=index'], (error, output) => (error || output === '' ? reject(error ?? new Error('no row')) : resolve())));
  }
  return (msOf(own) + (reaped() - children) * 1000) / SAMPLES;
}

function msOf(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function childrenOf(): number[] {
  return familyOf(process.pid).slice(1);
}

/** CPU seconds of the children that have ended. */
function reaped(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
