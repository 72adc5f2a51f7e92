import type { Format } from './format.ts';
import { nanogpt } from './console/nanogpt.ts';
import { csv } from './csv-generic.ts';
import { jsonl } from './jsonl.ts';
import { hfResults, hfTrainer } from './hf-trainer.ts';
import { configJson, configPython, configYaml } from './config-files.ts';
import { kerasCsv } from './keras-csv.ts';
import { lightningCsv } from './lightning-csv.ts';
import { timm } from './timm.ts';

export { firstLine } from './lines.ts';

/**
 * Every text format, in the order in which they are asked: the first that says yes reads the file. Files with names of their own
 * come first, then tables and JSON lines by their first lines, the general readers behind the particular ones, console text last.
 */
export const textFormats: Format[] = [hfTrainer, hfResults, configYaml, configJson, configPython, lightningCsv, timm, kerasCsv, csv, jsonl, nanogpt];
