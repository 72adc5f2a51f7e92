import type { Format, Probe } from './format.ts';
import { catboost } from './catboost.ts';
import { configJson, configPython, configYaml } from './config-files.ts';
import { catboostConsole, lightgbm, xgboost } from './console/boosting.ts';
import { clu } from './console/clu.ts';
import { consoleText } from './console/console.ts';
import { darknet } from './console/darknet.ts';
import { detectron2Console } from './console/detectron2.ts';
import { fairseq } from './console/fairseq.ts';
import { hfConsole } from './console/hf-console.ts';
import { kerasConsole } from './console/keras.ts';
import { llmc } from './console/llmc.ts';
import { megatron } from './console/megatron.ts';
import { mmConsole } from './console/mm.ts';
import { nanogpt } from './console/nanogpt.ts';
import { sb3Console } from './console/sb3.ts';
import { sklearn } from './console/sklearn.ts';
import { torchtitan } from './console/torchtitan.ts';
import { torchtune } from './console/torchtune.ts';
import { torchvision } from './console/torchvision.ts';
import { csv } from './csv-generic.ts';
import { deepspeed } from './deepspeed.ts';
import { detectron2 } from './detectron2.ts';
import { dvclive } from './dvclive.ts';
import { fastai } from './fastai.ts';
import { hfResults, hfTrainer } from './hf-trainer.ts';
import { jsonHistory } from './json-history.ts';
import { jsonl } from './jsonl.ts';
import { kerasCsv } from './keras-csv.ts';
import { lightningCsv } from './lightning-csv.ts';
import { llamaFactory } from './llama-factory.ts';
import { isCopy, mmcv, mmengine } from './mmengine.ts';
import { rayCsv, rayResult } from './ray.ts';
import { sb3Csv, sb3Json } from './sb3.ts';
import { timm } from './timm.ts';
import { ultralytics } from './ultralytics.ts';

export { firstLine } from './lines.ts';

/** Files with names of their own. */
const named: Format[] = [hfTrainer, hfResults, configYaml, configJson, configPython, jsonHistory];
/** Tables, the general reader last. */
const tables: Format[] = [lightningCsv, ultralytics, timm, fastai, kerasCsv, rayCsv, sb3Csv, deepspeed, catboost, dvclive, csv];
/** JSON lines, the general reader last. */
const jsonLines: Format[] = [llamaFactory, mmcv, mmengine, detectron2, rayResult, sb3Json, jsonl];
/** Console text by the lines of one trainer each, the general reader last. */
export const consoles: Format[] = [
  nanogpt,
  llmc,
  megatron,
  torchtitan,
  torchtune,
  kerasConsole,
  hfConsole,
  mmConsole,
  detectron2Console,
  torchvision,
  fairseq,
  xgboost,
  lightgbm,
  catboostConsole,
  darknet,
  clu,
  sb3Console,
  sklearn,
  consoleText
];

/**
 * Every text format, in the order in which they are asked: the first that says yes reads the file. Files with names of their own
 * come first, then tables and JSON lines by their first lines, the general readers behind the particular ones, console text last.
 */
export const textFormats: Format[] = [...named, ...tables, ...jsonLines, ...consoles];

/**
 * Why a file that looks like a log is left alone although its writer is known, or null. Such files are not to be listed as
 * "not understood".
 */
export function leftOut(probe: Pick<Probe, 'name' | 'path' | 'siblings'>): string | null {
  if (isCopy(probe)) return 'a copy of the file beside it that has the time in its name';
  if (probe.name === 'time_left.tsv' || probe.name === 'catboost_training.json') return 'CatBoost repeats its metrics here';
  if (/^(tokenizer(_config)?|special_tokens_map|added_tokens|vocab|generation_config|preprocessor_config)\.json$/.test(probe.name)) return 'part of a model';
  if (probe.name === 'last_checkpoint' || probe.name === 'training_args.bin') return 'not a log';
  return null;
}
