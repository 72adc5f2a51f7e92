/** NVIDIA GPUs by one resident `nvidia-smi`: started, watched, started again, and explained when it does not answer. */
import type { Clock } from '../clock.ts';
import { basicFields, chooseFields, refusedField } from './nvidia-fields.ts';
import { readGpuRow, type Row } from './nvidia-row.ts';
import { backOff, startResident, type Ended, type Resident } from './resident.ts';
import type { DeviceInfo, MachineState, Sample } from './sample.ts';

const PERIOD_MS = 1000;
/** Without persistence mode the driver needs seconds to wake the first time. */
const FIRST_LINE_MS = 15_000;
const LINE_MS = 3000;
const PROBE_MS = 10_000;
/** How often to look again for a driver that is not there. */
const RECHECK_MS = 5 * 60_000;
/** So many lines in a row that are no rows, and it is not nvidia-smi that talks. */
const GARBAGE_LINES = 20;
/** Some drivers answer the first look of a loop well and all later ones with "Unknown Error"; a new child sees well again. */
const BLIND_LOOKS = 5;
/** A spell this long without a fault makes the next restart quick again. */
const GOOD_SPELL_MS = 60_000;

/** Where nvidia-smi may be, the PATH first. */
export function usualCommands(platform: NodeJS.Platform = process.platform): string[] {
  if (platform === 'win32') return ['nvidia-smi', 'C:\\Windows\\System32\\nvidia-smi.exe'];
  return platform === 'linux' ? ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'] : ['nvidia-smi'];
}

export interface NvidiaOptions {
  commands: readonly string[];
  clock: Clock;
  onSamples(samples: Sample[]): void;
  onDevice(info: DeviceInfo): void;
  onState(state: MachineState): void;
}

export interface NvidiaSource {
  close(): void;
  /** Lines that could not be read since the start. */
  readonly garbage: number;
  /** The command that answered, null so far. */
  readonly command: string | null;
}

export function watchNvidia(options: NvidiaOptions): NvidiaSource {
  const { clock } = options;
  const wait = backOff();
  let resident: Resident | null = null;
  let cancel: (() => void) | null = null;
  let closed = false;
  let commandAt = 0;
  let fields: string[] | null = null;
  let answered: string | null = null;
  let garbage = 0;
  let told: MachineState | null = null;

  function tell(state: MachineState): void {
    if (told?.kind === state.kind && told.sentence === state.sentence) return;
    told = state;
    options.onState(state);
  }

  function later(ms: number): void {
    if (!closed) cancel = clock.after(ms, fields ? query : probe);
  }

  /** Asks once which fields this driver knows. A help that hangs or fails is no reason to ask for nothing. */
  function probe(): void {
    const command = options.commands[commandAt]!;
    const help: string[] = [];
    resident = startResident({
      command,
      args: ['--help-query-gpu'],
      clock,
      firstLineMs: PROBE_MS,
      lineMs: PROBE_MS,
      onLines: (lines) => void (help.length < 5000 && help.push(...lines)),
      onEnd(ended) {
        if (ended.why === 'missing') return missing();
        fields = ended.why === 'exited' && ended.code === 0 ? chooseFields(help.join('\n')) : [...basicFields];
        query();
      },
    });
  }

  function missing(): void {
    commandAt += 1;
    if (commandAt < options.commands.length) return probe();
    commandAt = 0;
    fields = null;
    const name = options.commands[0] ?? 'nvidia-smi';
    const where = /[\\/]/.test(name) ? `${name} does not exist` : `${name} is not on the PATH`;
    tell({ kind: 'no-driver', sentence: `No NVIDIA driver found: ${where}. CPU and memory are still recorded.` });
    later(RECHECK_MS);
  }

  function query(): void {
    const command = options.commands[commandAt]!;
    const asked = fields ?? [...basicFields];
    const startedAt = clock.steady();
    const reader = rowReader(asked, options, tell, () => (garbage += 1));
    resident = startResident({
      command,
      args: [`--query-gpu=${asked.join(',')}`, '--format=csv,noheader,nounits', '-lms', String(PERIOD_MS)],
      clock,
      firstLineMs: FIRST_LINE_MS,
      lineMs: LINE_MS,
      onLines(lines) {
        if (!reader.read(lines, clock.wall())) return false;
        if (reader.rows > 0) answered = command;
        if (reader.rows > 0 && clock.steady() - startedAt >= GOOD_SPELL_MS) wait.good();
        return true;
      },
      onHung: () => tell(silence(reader.rows)),
      onEnd: (ended) => restart(ended, reader.rows, asked, reader.refusal),
    });
  }

  function restart(ended: Ended, rows: number, asked: readonly string[], refusal: MachineState | null): void {
    resident = null;
    if (closed) return;
    if (ended.why === 'missing') return missing();
    const refused = refusedField(ended.said);
    if (refused && asked.includes(refused) && asked.length > 1) {
      fields = asked.filter((field) => field !== refused);
      return query();
    }
    if (refusal) {
      if (refusal.kind !== 'lost') tell(refusal);
      return later(wait.next());
    }
    const state = explain(ended, rows);
    tell(state);
    later(state.kind === 'no-driver' ? RECHECK_MS : wait.next());
  }

  probe();
  return {
    close() {
      closed = true;
      cancel?.();
      resident?.close();
    },
    get garbage() {
      return garbage;
    },
    get command() {
      return answered;
    },
  };
}

interface RowReader {
  /** False: this child is of no more use; `refusal` says why. */
  read(lines: string[], atMs: number): boolean;
  rows: number;
  refusal: MachineState | null;
}

/** Turns the lines of one child into samples and devices, and notices a GPU that is lost and a child that talks nonsense. */
function rowReader(fields: readonly string[], options: NvidiaOptions, tell: (state: MachineState) => void, count: () => void): RowReader {
  const announced = new Map<string, string>();
  const faults = new Map<string, string>();
  let nonsense = 0;
  let blindRows = 0;
  const reader: RowReader = { read, rows: 0, refusal: null };

  function read(lines: string[], atMs: number): boolean {
    const samples: Sample[] = [];
    for (const line of lines) take(readGpuRow(line, fields), atMs, samples);
    if (samples.length > 0) options.onSamples(samples);
    const fault = faults.values().next().value;
    if (fault !== undefined) tell({ kind: 'lost', sentence: fault });
    else if (samples.length > 0) tell({ kind: 'ok', sentence: '' });
    return usable();
  }

  function take(row: Row, atMs: number, samples: Sample[]): void {
    if (row.kind === 'garbage') {
      nonsense += 1;
      return count();
    }
    nonsense = 0;
    if (row.kind === 'lost') return void faults.set('', `A GPU does not answer: ${row.text}.`);
    const { info, values } = row;
    reader.rows += 1;
    blindRows = row.fault ? blindRows + 1 : 0;
    samples.push({ device: info.device, atMs, values: { ...values } });
    if (row.fault) faults.set(info.device, `GPU ${info.index ?? info.device} (${info.name}) does not answer: ${row.fault}.`);
    else {
      faults.delete(info.device);
      announce(info);
    }
  }

  function usable(): boolean {
    if (nonsense >= GARBAGE_LINES || (nonsense >= 3 && reader.rows === 0)) {
      const sentence = 'nvidia-smi prints lines that cannot be read; it is stopped and tried again later.';
      reader.refusal = { kind: 'garbage', sentence };
    } else if (blindRows >= BLIND_LOOKS * Math.max(1, announced.size)) {
      reader.refusal = { kind: 'lost', sentence: '' };
    }
    return reader.refusal === null;
  }

  function announce(info: DeviceInfo): void {
    const text = JSON.stringify(info);
    if (announced.get(info.device) === text) return;
    announced.set(info.device, text);
    options.onDevice(info);
  }
  return reader;
}

/** Ends that another try in a minute will not change: there is no working driver or no GPU. */
const noDriver: readonly [RegExp, string][] = [
  [/couldn't communicate with the NVIDIA driver/i, 'The NVIDIA driver is not running: nvidia-smi cannot communicate with it.'],
  [/Driver\/library version mismatch/i, 'The NVIDIA driver was updated: it works again after a restart of the machine.'],
  [/No devices were found/i, 'nvidia-smi found no GPU.'],
  [/Failed to initialize NVML/i, 'The NVIDIA driver cannot be used: nvidia-smi failed to initialise NVML.'],
  [/not found|couldn't find libnvidia-ml/i, 'The NVIDIA driver is incomplete: nvidia-smi does not find its library.'],
];

function silence(rows: number): MachineState {
  const since = rows > 0 ? `for ${LINE_MS / 1000} s` : `within ${FIRST_LINE_MS / 1000} s of its start`;
  return { kind: 'hung', sentence: `nvidia-smi printed nothing ${since}; it was stopped and is started again.` };
}

function explain(ended: Ended, rows: number): MachineState {
  if (ended.why === 'hung') return silence(rows);
  const known = noDriver.find(([pattern]) => pattern.test(ended.said));
  if (known && rows === 0) return { kind: 'no-driver', sentence: known[1] };
  const last = ended.said.split('\n').at(-1)?.slice(0, 160) ?? '';
  const why = rows === 0 && last !== '' ? ` (${last})` : '';
  return { kind: 'exited', sentence: `nvidia-smi ended with code ${ended.code ?? 'none'}${why}; it is started again.` };
}
