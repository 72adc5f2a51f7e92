/**
 * Short real training runs that ship with the app, so that a newcomer sees a live curve, a notification and a diagnosis within a minute.
 * They are PyTorch runs of small networks on public data, logged by the writers named below.
 */
export interface ExampleRun {
  /** Folder below runs/. */
  id: string;
  title: string;
  text: string;
  /** The log that is played, relative to the example's folder; everything else is copied at once. */
  log: string;
}

export const EXAMPLES: readonly ExampleRun[] = [
  {
    id: 'dropout',
    title: 'Dropout',
    text: 'Validation loss below training loss, and nothing is wrong: dropout is off while validating. Keras CSV, digits.',
    log: 'training.csv',
  },
  {
    id: 'accumulation-scale',
    title: 'Accumulation scale',
    text: 'The logged training loss is a multiple of the real one. A measurement bug. TensorBoard, digits.',
    log: 'events.out.tfevents.1767749726.trainbox.4242.0',
  },
  {
    id: 'easy-validation',
    title: 'Easy validation',
    text: 'The validation split holds the easy samples; a logged probe shows that the gap is in the data. Lightning CSV, tumour cells.',
    log: 'lightning_logs/version_0/metrics.csv',
  },
  {
    id: 'label-smoothing',
    title: 'Label smoothing',
    text: 'Smoothed targets keep the training loss above a floor that validation does not have. JSON lines, synthetic classes.',
    log: 'metrics.jsonl',
  },
  {
    id: 'overfit',
    title: 'Overfitting',
    text: 'Validation loss turns and rises while training loss falls on. JSON lines, synthetic classes.',
    log: 'metrics.jsonl',
  },
  {
    id: 'healthy',
    title: 'Healthy',
    text: 'A run to compare with: nothing is reported. JSON lines, digits.',
    log: 'metrics.jsonl',
  },
];
