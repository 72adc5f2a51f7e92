/**
 * What a sample of the GPUs costs: one `nvidia-smi` that stays and prints a line for each, as we read it, beside one that is started anew for
 * each sample. Both are the same stand-in, a shell that forks nothing; counted is the CPU of this process and of all it started. Once it
 * spends what the program itself is known to spend, once nothing: a shell starts in 4 ms of CPU, and a line that a Node process does not even
 * look at costs it 0.2 ms, so that the second is no figure of a GPU and has no target. Without a driver nothing is started but once in five
 * minutes (test/files/machine.test.ts).
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

/** Microseconds of CPU of the program: the least that is told of a start (90 ms warm, up to 640) and of a look at the GPUs. */
const SPENDS = { start: 90_000, look: 360 };

/** Prints a row at once, and with `-lms` one every 20 ms until nobody reads: waiting is the shell's own, by a pipe that stays empty. */
const standIn = ({ start, look }: typeof SPENDS): string => `#!/bin/bash
case "$1" in --help-query-gpu) exit 1 ;; esac
spend() { local until=$((\${EPOCHREALTIME/[.,]/} + $1)); while ((\${EPOCHREALTIME/[.,]/} < until)); do :; done; }
row="GPU-00000001-1111-2222-3333-444444444444, 0, 55, 900, 81559, 41, 118.42, NVIDIA H100"
spend ${start}
echo "$row"
case "$*" in *' -lms '*) ;; *) exit 0 ;; esac
exec 9<> <(:)
while spend ${look}; echo "$row"; do read -rt 0.02 -u 9; done
`;

const WHAT = 'CPU of a sample of the GPUs, a stand-in for nvidia-smi included: one started for each / us';
const WHATS = { real: `${WHAT}, with 90 ms for a start and 0.36 ms for a look, the least known of the real one`, bare: `${WHAT}, with a shell that does nothing` };
const TARGET = { text: '>= 20', met: (ratio: number) => ratio >= 20 };

export async function benchGpuSample(): Promise<Row[]> {
  if (process.platform !== 'linux') return [skipped(WHATS.real, 'CPU of processes is read from /proc, which only Linux has', TARGET.text)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-gpu-'));
  try {
    const real = await pairsWith(standIn(SPENDS), join(scratch, 'nvidia-smi'), 20);
    const bare = await pairsWith(standIn({ start: 0, look: 0 }), join(scratch, 'bare-smi'), SAMPLES);
    const row = (what: string, pairs: Pair[]): Row => paired(what, pairs, milliseconds, ({ ours, anchor }) => anchor / ours, TARGET);
    return [row(WHATS.real, real), { ...row(WHATS.bare, bare), target: '', met: null }];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Pair {
  ours: number;
  anchor: number;
}

/** Pairs with a stand-in in this file, which is started so many times in each. */
async function pairsWith(script: string, command: string, starts: number): Promise<Pair[]> {
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await resident(command), anchor: await spawned(command, starts) });
  return pairs;
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

async function spawned(command: string, starts: number): Promise<number> {
  const [own, children] = [process.cpuUsage(), reaped()];
  for (let sample = 0; sample < starts; sample += 1) {
    await new Promise<void>((resolve, reject) => execFile(command, ['--query-gpu=index'], (error, output) => (error || output === '' ? reject(error ?? new Error('no row')) : resolve())));
  }
  return (msOf(own) + (reaped() - children) * 1000) / starts;
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
