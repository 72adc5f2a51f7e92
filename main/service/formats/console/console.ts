import type { Probe, StreamFormat } from '../format.ts';
import { openCatboost, openLightgbm, openXgboost } from './boosting.ts';
import { openClu } from './clu.ts';
import { openDarknet } from './darknet.ts';
import { openDetectron2 } from './detectron2.ts';
import { consoleFormat, mayBeConsole, type Dialect } from './dialect.ts';
import { openFairseq } from './fairseq.ts';
import { openHfConsole } from './hf-console.ts';
import { openKeras } from './keras.ts';
import { openLlmc } from './llmc.ts';
import { openMegatron } from './megatron.ts';
import { openMm } from './mm.ts';
import { openNanogpt } from './nanogpt.ts';
import { openPairs } from './pairs.ts';
import { openRecords } from './records.ts';
import { openSb3 } from './sb3.ts';
import { openSklearn } from './sklearn.ts';
import { openTable } from './table.ts';
import { openTorchtitan } from './torchtitan.ts';
import { openTorchtune } from './torchtune.ts';
import { openTorchvision } from './torchvision.ts';
import { openTqdm } from './tqdm.ts';

/** The dialects of one trainer each. */
const STRICT: ((saved?: unknown) => Dialect)[] = [
  openNanogpt,
  openLlmc,
  openMegatron,
  openTorchtitan,
  openTorchtune,
  openKeras,
  openHfConsole,
  openMm,
  openDetectron2,
  openTorchvision,
  openFairseq,
  openXgboost,
  openLightgbm,
  openCatboost,
  openDarknet,
  openClu,
  openSb3,
  openSklearn
];

/** So much text without a number for us, and a file is not looked at any more. */
const BUDGET = 8 * 1024 * 1024;

interface Saved {
  strict: unknown[];
  tqdm: unknown;
  table: unknown;
  pairs: unknown;
  /** The dialect that spoke last, -1 for none. */
  known: number;
  idle: number;
}

/**
 * Console text that is nobody's in particular, or whose trainer only shows itself after the first 64 KiB: tqdm and Lightning bars,
 * tables, dictionaries, lines of `key: number` pairs, and every dialect.
 */
const general = consoleFormat({ id: 'console', title: 'Console text: progress bars and key: value lines', open: openGeneral });

export const consoleText: StreamFormat = {
  ...general,
  detect: (probe) => !isYoungJson(probe.head) && (general.detect(probe) || isLongLog(probe))
};

/** One line that begins as JSON: the second tells whether these are JSON lines. */
function isYoungJson(head: Uint8Array): boolean {
  const firstEnd = head.indexOf(0x0a);
  const second = firstEnd >= 0 && head.indexOf(0x0a, firstEnd + 1) >= 0;
  return !second && /^\s*\{\s*"/.test(new TextDecoder().decode(head.subarray(0, 64)));
}

/** A log by its name with a long beginning that says nothing: Megatron prints all arguments, other loops their own source code. */
function isLongLog(probe: Probe): boolean {
  const named = /\.(log|out|err)$|^(nohup|slurm|stdout|output|train)|^log\.txt$|\.[oe]\d+$/i.test(probe.name);
  return named && probe.head.length >= 64 * 1024 && mayBeConsole(probe);
}

export function openGeneral(saved?: unknown): Dialect {
  const before = saved as Saved | null | undefined;
  const strict = STRICT.map((open, at) => open(before?.strict[at] ?? undefined));
  const tqdm = openTqdm(before?.tqdm ?? undefined);
  const table = openTable(before?.table ?? undefined);
  const records = openRecords();
  const pairs = openPairs(before?.pairs ?? undefined);
  let known = before?.known ?? -1;
  let idle = before?.idle ?? 0;
  return {
    line(line, sink) {
      if (idle > BUDGET) return false;
      const first = strict[known];
      if (first?.line(line, sink) === true) return true;
      // A bar is drawn thousands of times, and no trainer's own lines have one.
      const bar = line.text.includes('%|') && !line.text.includes('{');
      for (let at = 0; at < strict.length && !bar; at += 1) {
        if (at === known || strict[at]?.line(line, sink) !== true) continue;
        known = at;
        idle = 0;
        return true;
      }
      // Beside the lines of a trainer that is known, loose pairs are more often noise than not.
      const understood = tqdm.line(line, sink) || table.line(line, sink) || (known < 0 && (records.line(line, sink) || pairs.line(line, sink)));
      if (understood) idle = 0;
      else if (known < 0) {
        idle += line.text.length;
        if (idle > BUDGET) sink.fact('notUnderstood', 'nothing was found in 8 MiB of this text');
      }
      return understood;
    },
    save: (): Saved => ({ strict: strict.map((dialect) => dialect.save?.() ?? null), tqdm: tqdm.save?.(), table: table.save?.(), pairs: pairs.save?.(), known, idle })
  };
}
