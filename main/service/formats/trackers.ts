import type { Format } from './format.ts';
import { tensorboard } from './tensorboard.ts';
import { wandb } from './wandb.ts';

/** The binary and tracker formats, in the order in which they are asked: the first that says yes reads the file. */
export const trackerFormats: Format[] = [tensorboard, wandb];
