/** Everything there is to try, by id. The first six are general advice for any gap; the rest belong to causes and health rules. */
import type { Diagnosis, VerdictKind } from './diagnosis.ts';

export interface Remedy {
  id: string;
  title: string;
  why: string;
}

/** Advice that is never wrong, offered after what the diagnosis suggests. */
export const GENERAL: readonly string[] = [
  'representative-data',
  'consistent-preprocessing',
  'other-metrics',
  'less-regularisation',
  'early-stopping',
  'cross-validate',
];

const CATALOGUE: readonly Remedy[] = [
  {
    id: 'representative-data',
    title: 'Check that both data sets represent the problem',
    why: 'Compare label counts, lengths and sources of training and validation data; an easier validation set flatters the model.',
  },
  {
    id: 'consistent-preprocessing',
    title: 'Prepare training and validation data the same way',
    why: 'Apart from augmentation, resolution, cleaning, truncation and split rule should be equal on both sides.',
  },
  {
    id: 'other-metrics',
    title: 'Look at other metrics than the loss',
    why: 'Accuracy, perplexity or BLEU on both sides show whether the model or only the loss differs.',
  },
  {
    id: 'less-regularisation',
    title: 'Try less regularisation or another architecture',
    why: 'If training itself is poor, a lower dropout or a larger model helps; if validation rises, the opposite does.',
  },
  {
    id: 'early-stopping',
    title: 'Stop early on validation loss',
    why: 'Keep the checkpoint with the best validation loss; later ones have memorised more.',
  },
  {
    id: 'cross-validate',
    title: 'Cross-validate or use an ensemble',
    why: 'Several folds or seeds show how much of a difference is chance.',
  },

  {
    id: 'nothing-to-fix',
    title: 'Leave it as it is',
    why: 'The gap follows from how the losses are measured and says nothing bad about the model.',
  },
  {
    id: 'compare-shifted',
    title: 'Compare on the shifted curve',
    why: 'A train mean belongs half a logging window earlier than its validation loss.',
  },
  { id: 'log-step-loss', title: 'Log the loss of single steps', why: 'Raw step losses show what averages hide.' },
  {
    id: 'log-clean-train',
    title: 'Log the clean train loss',
    why: 'Training data measured exactly like validation splits the gap into training handicap and data difference.',
  },
  { id: 'ignore-train-accuracy', title: 'Do not read the training accuracy', why: 'It is scored on mixed samples.' },
  {
    id: 'uniform-evaluation',
    title: 'Evaluate on uniformly drawn training data',
    why: 'Hard samples are over-represented in training batches.',
  },
  { id: 'larger-batch', title: 'Use a larger batch', why: 'Statistics and gradients of very small batches are noisy.' },
  { id: 'group-norm', title: 'Use SyncBN or GroupNorm', why: 'They do not depend on the batch of one device.' },
  { id: 'both-modes', title: 'Evaluate in both decoding modes', why: 'Teacher-forced and free-running losses are not comparable.' },
  {
    id: 'same-loss',
    title: 'Compute the same loss on both sides',
    why: 'Log the plain data loss (no smoothing, weights or extra terms) for training and validation.',
  },
  {
    id: 'log-components',
    title: 'Log the parts of the loss under their own names',
    why: 'Then the data loss can be compared and the extra terms watched.',
  },
  {
    id: 'feed-logits',
    title: 'Feed logits, not probabilities, to the loss',
    why: 'Cross-entropy applies softmax itself; twice flattens it.',
  },
  {
    id: 'divide-once',
    title: 'Divide the loss by the accumulation factor once',
    why: 'Check where the logged value is taken: before or after scaling, summed over micro-batches or not.',
  },
  {
    id: 'upgrade-trainer',
    title: 'Upgrade the trainer',
    why: 'Transformers 4.46 and 4.47 logged the loss multiplied by the accumulation steps.',
  },
  {
    id: 'ignore-train-scale',
    title: 'Read only the shape of the train loss',
    why: 'Until the scale is fixed its absolute value means nothing.',
  },
  { id: 'same-reduction', title: 'Use the same reduction on both sides', why: 'A sum grows with the batch; the mean does not.' },
  {
    id: 'mask-padding',
    title: 'Mask padding in the validation labels',
    why: 'Padding is predicted perfectly and dilutes the loss (ignore_index, -100).',
  },
  {
    id: 'token-mean',
    title: 'Average over real tokens',
    why: 'Divide the summed loss by the number of scored tokens, over the whole set.',
  },
  {
    id: 'sync-metrics',
    title: 'Reduce validation metrics over all ranks',
    why: 'In Lightning pass sync_dist=True; one rank sees only its share.',
  },
  { id: 'sample-mean', title: 'Weight batches by their samples', why: 'A short last batch must not count as much as a full one.' },
  {
    id: 'log-both-weights',
    title: 'Log validation of raw and averaged weights',
    why: 'The difference is then visible instead of guessed.',
  },
  { id: 'stratified-split', title: 'Split again, stratified', why: 'Label, length and source shares should be equal on both sides.' },
  { id: 'per-class-loss', title: 'Log the loss per class or source', why: 'It shows which part of the data makes the gap.' },
  {
    id: 'deduplicate',
    title: 'Remove duplicates between the splits',
    why: 'Hash exact copies and compare near copies; validation must not contain training samples.',
  },
  { id: 'group-split', title: 'Split by group', why: 'Samples of one patient, document or video belong on one side.' },
  {
    id: 'relabel',
    title: 'Check the labels of the hardest training samples',
    why: 'The 50 training samples with the highest loss are often mislabelled.',
  },
  {
    id: 'robust-loss',
    title: 'Use a loss that forgives wrong labels',
    why: 'Generalised cross-entropy or label smoothing keeps noisy labels from dominating.',
  },
  { id: 'enlarge-validation', title: 'Enlarge the validation set', why: 'The standard error falls with the square root of its size.' },
  {
    id: 'check-names',
    title: 'Check the names in the training script',
    why: 'Train and validation loaders may feed each other\u2019s name.',
  },

  { id: 'lower-lr', title: 'Lower the learning rate', why: 'Try a third, then a tenth.' },
  { id: 'raise-lr', title: 'Raise the learning rate', why: 'Progress is steady but slow; try three times as much.' },
  { id: 'lr-schedule', title: 'Lower the learning rate on a schedule', why: 'A plateau at a constant rate often gives way when it falls.' },
  { id: 'warmup', title: 'Warm the learning rate up for longer', why: 'The first steps are the most fragile.' },
  { id: 'clip-gradients', title: 'Clip gradients', why: 'One bad batch then cannot throw the weights off.' },
  { id: 'use-bf16', title: 'Use bfloat16 or a loss scaler', why: 'float16 overflows above 65504.' },
  { id: 'inspect-batch', title: 'Look at the batch of that step', why: 'Broken inputs or labels show at once.' },
  { id: 'skip-batch', title: 'Skip the batch', why: 'Rewind to the checkpoint before it and leave it out.' },
  { id: 'reload-best', title: 'Go back to the best checkpoint', why: 'Weights that have diverged rarely come back.' },
  { id: 'stop-run', title: 'Stop the run', why: 'It costs time and will not get better as it is.' },
  { id: 'more-data', title: 'Use more training data', why: 'The surest remedy against memorising.' },
  { id: 'more-regularisation', title: 'Regularise more', why: 'Weight decay, dropout or augmentation slow memorising down.' },
  { id: 'check-labels', title: 'Check labels and data order', why: 'A loss that stays at the guessing level often has shuffled labels.' },
  { id: 'check-frozen', title: 'Check which weights are trained', why: 'Frozen layers or an optimizer without parameters learn nothing.' },
  { id: 'check-init', title: 'Check the initialisation', why: 'Vanishing or exploding gradients at the start point to it.' },
  { id: 'weight-averaging', title: 'Average the weights', why: 'An exponential average of the weights evens out swings.' },
  { id: 'check-process', title: 'Check the process', why: 'See whether it still runs and what it waits for.' },
  { id: 'check-loader', title: 'Check the data loader', why: 'Deadlocked workers and slow storage stop training silently.' },
  { id: 'check-io', title: 'Check storage and neighbours', why: 'Slow disks, network and other jobs on the machine slow steps down.' },
  { id: 'more-workers', title: 'Feed the GPU faster', why: 'More loader workers, prefetching, or a larger batch.' },
  { id: 'detach-losses', title: 'Detach what is kept between steps', why: 'Losses that hold their graph eat memory until it is full.' },
  { id: 'cooling', title: 'Improve cooling', why: 'A hot GPU lowers its clocks.' },
  { id: 'power-limit', title: 'Check the power limit', why: 'A low power cap lowers the clocks.' },
  {
    id: 'check-resume',
    title: 'Check how the run was resumed',
    why: 'The step went back: make sure that data order and schedule were restored too.',
  },
];

const BY_ID = new Map(CATALOGUE.map((remedy) => [remedy.id, remedy]));

/** A remedy of the catalogue, null if the id is none. */
export function remedy(id: string): Remedy | null {
  return BY_ID.get(id) ?? null;
}

/** Title of a remedy; an unknown id is its own title. */
export function remedyTitle(id: string): string {
  return BY_ID.get(id)?.title ?? id;
}

/** General advice that has no bearing on a gap with this verdict, unless a cause or a fault asks for it. */
const BESIDE_THE_POINT: Partial<Record<VerdictKind, readonly string[]>> = {
  bug: ['representative-data', 'less-regularisation', 'early-stopping', 'cross-validate'],
  data: ['less-regularisation', 'early-stopping'],
};

/** A remedy for a run; `apt` is false for general advice that the verdict makes pointless. */
export interface Proposed extends Remedy {
  apt: boolean;
}

/** What to try for a run: remedies of its worst faults, of its causes by probability, then the general advice, the apt first. Each once. */
export function remediesFor({ causes, faults, verdict }: Pick<Diagnosis, 'causes' | 'faults' | 'verdict'>): Proposed[] {
  const rank = { critical: 0, warning: 1, info: 2 };
  const sorted = [...faults].sort((a, b) => rank[a.severity] - rank[b.severity]);
  const wanted = [
    ...sorted.filter(({ severity }) => severity !== 'info').flatMap(({ remedies }) => remedies),
    ...causes.flatMap(({ remedies, probability }) => (probability >= 0.05 ? remedies : [])),
    ...sorted.filter(({ severity }) => severity === 'info').flatMap(({ remedies }) => remedies),
  ];
  const pointless = (verdict && BESIDE_THE_POINT[verdict.kind]?.filter((id) => !wanted.includes(id))) ?? [];
  const ordered = [...new Set([...wanted, ...GENERAL.filter((id) => !pointless.includes(id)), ...pointless])];
  return ordered.flatMap((id) => {
    const found = BY_ID.get(id);
    return found ? [{ ...found, apt: !pointless.includes(id) }] : [];
  });
}
