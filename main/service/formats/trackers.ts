import type { Format } from './format.ts';
import { mlflowDb } from './mlflow-db.ts';
import { mlflowMeta, mlflowMetric, mlflowParam, mlflowTag } from './mlflow-files.ts';
import { swanlab } from './swanlab.ts';
import { tensorboard } from './tensorboard.ts';
import { trackio } from './trackio.ts';
import { wandb } from './wandb.ts';
import { wandbConfig, wandbMetadata } from './wandb-config.ts';

/** The binary and tracker formats, in the order in which they are asked: the first that says yes reads the file. */
export const trackerFormats: Format[] = [
  tensorboard,
  wandb,
  swanlab,
  wandbConfig,
  wandbMetadata,
  mlflowDb,
  trackio,
  mlflowMetric,
  mlflowParam,
  mlflowTag,
  mlflowMeta,
];
