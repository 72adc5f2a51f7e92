/** Names of log formats as their users know them. */

const NAMES = new Map([
  ['tensorboard', 'TensorBoard'],
  ['tfevents', 'TensorBoard'],
  ['hf-trainer', 'HF state'],
  ['lightning-csv', 'Lightning CSV'],
  ['lightning', 'Lightning CSV'],
  ['keras-csv', 'Keras CSV'],
  ['keras', 'Keras CSV'],
  ['timm', 'timm'],
  ['ultralytics', 'Ultralytics'],
  ['jsonl', 'JSON lines'],
  ['csv', 'CSV'],
  ['nanogpt', 'nanoGPT'],
  ['megatron', 'Megatron'],
  ['wandb', 'W&B'],
  ['mlflow', 'MLflow'],
  ['aim', 'Aim'],
  ['fastai', 'fastai'],
  ['text', 'text log'],
]);

/** The name of a format id; unknown ids stand for themselves. */
export function formatName(id: string): string {
  return NAMES.get(id) ?? id;
}
