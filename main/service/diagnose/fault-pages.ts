/** Explanation pages of the health rules. */
import type { Explanation } from './explanations.ts';

const page = (title: string, what: string, confirm: string, todo: string, sources: string[] = []): Explanation => ({
  title,
  paragraphs: [
    { heading: 'What it is', text: what },
    { heading: 'How to confirm it', text: confirm },
    { heading: 'What to do', text: todo },
  ],
  sources,
});

export const faultPages: ReadonlyMap<string, Explanation> = new Map([
  [
    'B1',
    page(
      'NaN or infinite values',
      'A loss, validation loss or gradient norm is NaN or infinite. Every later update is lost. Hugging ' +
        'Face Trainer hides such steps by default, so its gradient norm is read as well.',
      'Look at the step before: its loss, learning rate and gradient norm.',
      'Lower the learning rate, clip gradients, use bfloat16 or a loss scaler, and look at the batch of that step.',
      ['Keras TerminateOnNaN', 'transformers logging_nan_inf_filter'],
    ),
  ],
  [
    'B2',
    page(
      'Loss spike',
      'The loss jumps to several times its recent median, in at least two of five logged points.',
      'Look at the batch and the gradient norm of that step.',
      'Clip gradients, warm up for longer, or rewind and skip the batch.',
      ['llm-foundry KillLossSpike', 'ZClip', 'OLMo 2'],
    ),
  ],
  [
    'B3',
    page(
      'Divergence',
      'The smoothed loss has left its best value far behind and keeps rising.',
      'Compare with a run at a third of the learning rate.',
      'Stop, go back to the best checkpoint and lower the learning rate.',
      ['llm-foundry KillLossSpike'],
    ),
  ],
  [
    'B4',
    page(
      'Plateau',
      'The loss has stopped improving although the learning rate is not yet low.',
      'Lower the learning rate for a few evals.',
      'Use a schedule, or stop here.',
      ['Keras ReduceLROnPlateau'],
    ),
  ],
  [
    'B5',
    page(
      'Overfitting',
      'Validation loss has risen clearly above its best while training loss goes on falling: the model memorises.',
      'Evaluate the checkpoint of the best eval.',
      'Stop early there, regularise more, or get more data.',
      ['SageMaker Debugger Overfit rule', 'UMLAUT'],
    ),
  ],
  [
    'B6',
    page(
      'Masked overfitting',
      'Validation loss is still below training loss, which looks healthy, and yet it has risen above its own best while the train loss ' +
        'goes on falling. Dropout, augmentation or mixed targets keep the train loss up and so hide that the model memorises.',
      'Run the clean-train probe: training data measured like validation falls while validation rises, and is lower by now.',
      'Stop early at the best eval, as in ordinary overfitting. More data or a smaller model helps; a still stronger handicap only if the ' +
        'clean train loss is far below validation.',
      ['SageMaker Debugger Overfit rule, which needs validation above training and so misses this'],
    ),
  ],
  [
    'B7',
    page(
      'Not learning',
      'The loss has stayed at the level of guessing.',
      'Try to overfit one batch.',
      'Check learning rate, labels, data order and which weights are trained.',
      ['DeepLocalize'],
    ),
  ],
  [
    'B8',
    page(
      'Learning rate too high',
      'In the first tenth of the run the smoothed loss rises more than 10 % above its start for 20 steps; or validation swings from eval to ' +
        'eval and stops swinging when the learning rate falls to half or less.',
      'Train a few hundred steps at a third of the rate: the loss should fall from the first step on.',
      'Lower the learning rate to a third or a tenth, or warm up for longer. Clipping gradients helps only against single bad batches.',
    ),
  ],
  [
    'B9',
    page(
      'Learning rate too low',
      'The loss falls steadily but by less than a hundredth per epoch.',
      'Train an epoch at three times the rate.',
      'Raise the learning rate.',
    ),
  ],
  [
    'B10',
    page(
      'Oscillation',
      'Validation loss swings widely and changes direction at most evals.',
      'Evaluate the same checkpoint twice, or on a larger set.',
      'Use a smaller learning rate, a larger batch or validation set, or average the weights.',
      ['BTTackler'],
    ),
  ],
  [
    'B11',
    page(
      'Stalled',
      'No new log line has come for much longer than usual.',
      'See whether the process lives and what it waits for.',
      'Check the process, the data loader and the storage.',
      ['SageMaker Debugger StalledTrainingRule'],
    ),
  ],
  [
    'B12',
    page(
      'Slower steps',
      'Steps take clearly longer than before.',
      'Compare step times with machine load at the same time.',
      'Check storage, throttling and other jobs on the machine.',
    ),
  ],
  [
    'B13',
    page(
      'GPU waits',
      'The GPU is idle much of the time while CPU or storage is busy.',
      'Time the data loader alone.',
      'Use more workers, prefetching or a larger batch.',
      ['SageMaker Debugger LowGPUUtilization'],
    ),
  ],
  [
    'B14',
    page(
      'GPU memory grows',
      'Used memory climbs steadily and will be full soon.',
      'Watch it over steps; a cache levels off, a leak does not.',
      'Detach losses that are kept, and do not hold graphs.',
      ['SageMaker Debugger GPUMemoryIncrease'],
    ),
  ],
  [
    'B15',
    page(
      'Throttling',
      'The GPU lowers its clocks because it is hot or short of power.',
      'Look at clocks, temperature and power at that time.',
      'Improve cooling or check the power limit.',
      ['NVML clock event reasons'],
    ),
  ],
  [
    'B16',
    page(
      'Gradient norm',
      'The gradient norm leaves its running mean far behind, or vanishes.',
      'Look at the norm per layer.',
      'Clip gradients, check the initialisation, lower the learning rate.',
      ['ZClip', 'SageMaker Debugger VanishingGradient'],
    ),
  ],
  [
    'B17',
    page(
      'Order of the log',
      'Steps go back, repeat, or evals lie outside the trained range.',
      'Look at the places named.',
      'A step that goes back is treated as a resume; check that data order and schedule were restored.',
    ),
  ],
]);
