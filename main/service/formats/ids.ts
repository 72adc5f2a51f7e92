/** What is asked of formats by their ids alone, so that runs are put together without loading a reader. The registry's tests hold it against the formats. */

/** Formats that are printed for people: their numbers are rounded. */
export const consoleIds: ReadonlySet<string> = new Set([
  'nanogpt',
  'llmc',
  'megatron',
  'torchtitan',
  'torchtune',
  'keras-console',
  'hf-console',
  'mm-console',
  'detectron2-console',
  'timm-console',
  'fairseq',
  'xgboost',
  'lightgbm',
  'catboost-console',
  'darknet',
  'clu',
  'sb3-console',
  'sklearn',
  'console',
]);

const CONFIG_ONLY: ReadonlySet<string> = new Set([
  'wandb-config',
  'wandb-metadata',
  'mlflow-param',
  'mlflow-tag',
  'mlflow-meta',
  'hf-results',
  'config-yaml',
  'config-json',
  'config-python',
]);

/** True for formats that hold configuration and no points. */
export function isConfigOnly(id: string): boolean {
  return CONFIG_ONLY.has(id);
}
