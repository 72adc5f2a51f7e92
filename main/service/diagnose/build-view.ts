/** Makes the canonical inputs (view.ts) from a run's series and configuration. */
import { frameworkOf } from './frameworks.ts';
import type { RunInput } from './input.ts';
import { intervalMeans, positions, resumesOf, sharedAxis, usualInterval, valuesAt, type Axis } from './pair.ts';
import { pickLosses, pickTrack, type Picked } from './pick.ts';
import { settingsOf, type Settings } from './settings.ts';
import { classesOf, configuredBatch, configuredTrainSize, configuredValSize, inferValSize } from './sizes.ts';
import type { Evals, Steps, Track, View } from './view.ts';

const EMPTY: Track = {
  name: '',
  meaning: null,
  step: new Float64Array(0),
  epoch: new Float64Array(0),
  time: new Float64Array(0),
  value: new Float64Array(0),
};

/** Builds the view. Never throws: what is not logged is null, NaN or empty. */
export function buildView(run: RunInput): View {
  const settings = settingsOf(run.config);
  const picked = pickLosses(run);
  const finest = picked?.steps ?? pickTrack(run, 'loss', 'train') ?? EMPTY;
  const val = picked?.val ?? pickTrack(run, 'loss', 'val') ?? EMPTY;
  const axis = sharedAxis(picked?.train ?? finest, val);
  const lr = pickTrack(run, 'lr', 'any');
  const gradNorm = pickTrack(run, 'grad_norm', 'any');
  const framework = frameworkOf(run.formats);
  const initial = initialEval(val, picked, axis);
  const evals = evalsOf(run, picked, initial ? tail(val) : val, axis, lr, framework?.formats.includes('nanogpt-console') ?? false);
  const steps = stepsOf(finest, lr, gradNorm);
  const firstTrain = firstFinite(steps.value);
  const initialVal = initial && Number.isFinite(val.value[0]) ? (val.value[0] as number) : null;
  const pointsPerEval = evals.count > 0 ? steps.value.length / evals.count : 0;
  return {
    run,
    axis,
    steps,
    evals,
    trainMeaning: picked ? meaningOf(picked.train, evals) : null,
    metric: picked?.metric ?? 'loss',
    initialVal,
    initialAccuracy: initial ? atStart(pickTrack(run, 'accuracy', 'val')) : null,
    initialClean: initial ? atStart(picked?.probe ?? null) : null,
    firstTrain,
    firstIsInstant: isInstant(steps, evals, pointsPerEval),
    ...sizesOf(settings, evals),
    plan: planOf(run, settings, evals, axis),
    pointsPerEval,
    resumes: resumesOf(evals.at),
    warmupEnd: warmupEnd(evals),
    fromScratch: isFromScratch(settings, classesOf(settings), firstTrain, initialVal),
    signed: lowest(evals.val) < 0 || lowest(evals.train) < 0,
    framework,
    settings,
    lr,
    gradNorm,
  };
}

/** Sizes as configured or inferred, and the usual number of steps between two evals. */
function sizesOf(
  settings: Settings,
  evals: Evals,
): Pick<View, 'classes' | 'configuredValSize' | 'valSize' | 'trainSize' | 'batch' | 'stepsPerEval'> {
  const interval = usualInterval(evals.step);
  return {
    classes: classesOf(settings),
    configuredValSize: configuredValSize(settings),
    valSize: configuredValSize(settings) ?? inferValSize(evals.valAccuracy),
    trainSize: configuredTrainSize(settings),
    batch: configuredBatch(settings),
    stepsPerEval: Number.isFinite(interval) ? interval : null,
  };
}

function tail(track: Track): Track {
  return {
    ...track,
    step: track.step.subarray(1),
    epoch: track.epoch.subarray(1),
    time: track.time.subarray(1),
    value: track.value.subarray(1),
  };
}

/** True when the first validation value was measured before training: at position 0 with (nearly) no training before it. */
function initialEval(val: Track, picked: Picked | null, axis: Axis): boolean {
  if (!picked || axis === 'index' || val.value.length === 0) return false;
  const at = positions(val, axis);
  if (at[0] !== 0) return false;
  const train = positions(picked.steps, axis);
  const before = train.filter((x) => x <= 0).length;
  if (before === 0) return true;
  const perEval = train.length / Math.max(1, at.length);
  return picked.train.meaning === 'evaluation' || perEval >= 1.5;
}

function evalsOf(run: RunInput, picked: Picked | null, val: Track, axis: Axis, lr: Track | null, openEnd: boolean): Evals {
  const at = positions(val, axis);
  const none = new Float64Array(at.length).fill(NaN);
  const reach = 0.5 * (usualInterval(at) || 0);
  const paired = (track: Track | null): Float64Array => (track ? valuesAt(positions(track, axis), track.value, at, reach) : none);
  const train = picked ? pairTrain(picked, at, axis, openEnd) : { mean: none, points: new Int32Array(at.length) };
  return {
    count: at.length,
    step: val.step,
    epoch: val.epoch,
    time: val.time,
    at,
    val: val.value,
    train: train.mean,
    points: train.points,
    trainAccuracy: paired(pickTrack(run, 'accuracy', 'train')),
    valAccuracy: paired(pickTrack(run, 'accuracy', 'val')),
    cleanTrain: paired(picked?.probe ?? null),
    lr: lr ? valuesAt(positions(lr, axis), lr.value, at, Infinity) : none,
  };
}

function pairTrain(picked: Picked, at: Float64Array, axis: Axis, openEnd: boolean): { mean: Float64Array; points: Int32Array } {
  const { train } = picked;
  const x = positions(train, axis);
  if (train.meaning === 'evaluation') {
    const mean = valuesAt(x, train.value, at, 0.5 * (usualInterval(at) || 0));
    return { mean, points: Int32Array.from(mean, (value) => (Number.isFinite(value) ? 1 : 0)) };
  }
  return intervalMeans(x, train.value, at, { windowed: train.meaning === 'window-mean', openEnd });
}

function stepsOf(track: Track, lr: Track | null, gradNorm: Track | null): Steps {
  const axis: Axis = track.step.some(Number.isFinite) ? 'step' : track.epoch.some(Number.isFinite) ? 'epoch' : 'index';
  const at = positions(track, axis);
  const along = (other: Track | null): Float64Array =>
    other ? valuesAt(positions(other, axis), other.value, at, Infinity) : new Float64Array(at.length).fill(NaN);
  return { ...track, lr: along(lr), gradNorm: along(gradNorm) };
}

function meaningOf(train: Track, evals: Evals): Track['meaning'] {
  if (train.meaning) return train.meaning;
  let points = 0;
  for (const count of evals.points) points += count;
  return evals.count > 0 && points <= 1.2 * evals.count ? 'epoch-mean' : 'batch';
}

/** A first value is near the untrained model only if it is one batch, or a mean over a small part of an interval. */
function isInstant(steps: Steps, evals: Evals, pointsPerEval: number): boolean {
  if (steps.meaning === 'epoch-mean' || steps.meaning === 'evaluation' || pointsPerEval < 1.5) return false;
  if (steps.meaning !== 'window-mean') return true;
  const first = steps.step[0] as number;
  return Number.isFinite(first) && first <= 0.05 * ((evals.step[0] as number) || Infinity);
}

function planOf(run: RunInput, settings: Settings, evals: Evals, axis: Axis): View['plan'] {
  const steps = positive(run.planSteps);
  const epochs = positive(run.planEpochs ?? settings.number('epochs', 'max_epochs', 'num_epochs', 'num_train_epochs'));
  const total = axis === 'step' ? steps : axis === 'epoch' ? epochs : null;
  const interval = usualInterval(evals.at);
  const epochInterval = usualInterval(evals.epoch);
  let count: number | null = null;
  if (total !== null && interval > 0) count = Math.round(total / interval);
  else if (epochs !== null && epochInterval > 0) count = Math.round(epochs / epochInterval);
  return { evals: count, steps, epochs };
}

function positive(x: number | null): number | null {
  return x !== null && Number.isFinite(x) && x > 0 ? x : null;
}

/** Last eval at which the learning rate still rises from the start by more than a tenth of its peak so far. */
function warmupEnd(evals: Evals): number {
  let end = -1;
  for (let i = 1; i < evals.count; i += 1) {
    if (!((evals.lr[i] as number) > 1.02 * (evals.lr[i - 1] as number))) break;
    end = i;
  }
  return end;
}

function isFromScratch(settings: Settings, classes: number | null, firstTrain: number | null, initialVal: number | null): boolean {
  const flags = settings.matching(/pretrained|finetune|fine_tune|resume|init_from|checkpoint_path|lora|peft/i);
  const started = flags.some(({ value }) => (typeof value === 'string' ? !/^(|none|null|false|scratch|no)$/i.test(value) : value === true));
  if (started) return false;
  if (classes === null) return true;
  const floor = 0.7 * Math.log(classes);
  return !(firstTrain !== null && initialVal !== null && firstTrain < floor && initialVal < floor);
}

/** First value of a track if it stands at step or epoch 0. */
function atStart(track: Track | null): number | null {
  const value = track?.value[0];
  const isStart = track?.step[0] === 0 || (!Number.isFinite(track?.step[0]) && track?.epoch[0] === 0);
  return value !== undefined && isStart && Number.isFinite(value) ? value : null;
}

function firstFinite(values: Float64Array): number | null {
  const found = values.find(Number.isFinite);
  return found === undefined ? null : found;
}

function lowest(values: Float64Array): number {
  let low = Infinity;
  for (const value of values) if (value < low) low = value;
  return low;
}
