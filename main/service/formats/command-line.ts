/** Hyper-parameters in the command line of a training script, where a tracker keeps it (format reference, section 7). */
import { addConfig } from './config-values.ts';
import type { Sink } from './format.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const FLAG = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/s;
/** Hydra's and others' `key=value`, perhaps with a leading '+'. */
const OVERRIDE = /^\+{0,2}([A-Za-z_][\w./]*)=(.*)$/s;

/**
 * Adds the options among `args` (without the program) as configuration below `command_line/`: `--lr 0.1`, `--lr=0.1`, `-b 32`,
 * `--amp`, `lr=0.1`. What a script really used stands in its configuration, so these have names of their own.
 */
export function addCommandLine(args: readonly string[], sink: Sink): void {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const next = args[at + 1];
    const flag = FLAG.exec(arg);
    if (flag?.[1] !== undefined) {
      if (flag[2] !== undefined) add(flag[1], flag[2], sink);
      else if (next !== undefined && (!next.startsWith('-') || NUMBER.test(next))) {
        add(flag[1], next, sink);
        at += 1;
      } else addConfig(sink, `command_line/${flag[1]}`, true);
      continue;
    }
    const override = OVERRIDE.exec(arg);
    if (override?.[1] !== undefined) add(override[1], override[2] ?? '', sink);
  }
}

function add(key: string, text: string, sink: Sink): void {
  addConfig(sink, `command_line/${key}`, NUMBER.test(text) ? Number(text) : text);
}
