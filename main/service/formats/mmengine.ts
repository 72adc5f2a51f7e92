import type { Field } from './axes.ts';
import type { SeriesHints } from './format.ts';
import { addPythonConfig } from './config-files.ts';
import { jsonLinesFormat } from './json-lines.ts';
import type { Memory, RecordAxes, RecordPlan } from './json-plan.ts';

/**
 * mmengine's `vis_data/*.json`. Training records have `iter`, `lr` or `loss`, and `step` counts iterations. All others are
 * validation, and their `step` is an epoch if the run counts in epochs, which its training records show (formats reference 2.6).
 * `vis_data/scalars.json` repeats the file that is named after the time of the start: that one is read.
 */
export const mmengine = jsonLinesFormat({
  id: 'mmengine',
  title: 'mmengine vis_data (JSON lines)',
  detect({ numeric }, probe) {
    if (!numeric.has('step') || !probe.name.endsWith('.json') || isCopy(probe)) return false;
    return /(^|\/)vis_data\//.test(probe.path) || (numeric.has('iter') && numeric.has('memory'));
  },
  fields: (keys) => keys.map((name): Field => {
    if (name === 'step') return { role: 'step', name };
    if (name === 'epoch') return { role: 'epoch', name };
    return name === 'iter' ? { role: 'skip', name } : { role: 'metric', name, ...hintsOf(name, keys.includes('iter')) };
  }),
  adjust(axes, plan, memory) {
    if (plan.keys.includes('iter') || plan.keys.includes('lr') || plan.keys.includes('loss')) {
      axes.split = 'train';
      if (axes.epoch === axes.epoch) memory['byEpoch'] = 1;
      return;
    }
    axes.split = 'val';
    if (memory['byEpoch'] !== 1) return;
    axes.epoch = axes.step;
    axes.step = NaN;
  }
});

/** Training losses are means over the logging interval, which is what both libraries do unless told otherwise. */
function hintsOf(name: string, training: boolean): { hints?: SeriesHints } {
  if (name === 'memory') return { hints: { unit: 'MiB' } };
  if (name === 'time' || name === 'data_time') return { hints: { unit: 's' } };
  return training && /(^|[._])loss/.test(name) ? { hints: { meaning: 'window-mean' } } : {};
}

/** True for a `scalars.json` beside which lies the file with the time in its name. */
export function isCopy(probe: { name: string; siblings: ReadonlySet<string> }): boolean {
  return probe.name === 'scalars.json' && [...probe.siblings].some((name) => /^\d{8}_\d{6}\.json$/.test(name));
}

/**
 * mmcv 1.x, `<time>.log.json`: a first line with the configuration, then records with `mode`, `epoch` and an `iter` that starts
 * again with each epoch. The iterations of an epoch are the largest training `iter` of the first one (formats reference 2.6).
 */
export const mmcv = jsonLinesFormat({
  id: 'mmcv',
  title: 'mmcv .log.json (JSON lines)',
  detect: ({ keys }, probe) => probe.name.endsWith('.log.json') && (keys.has('mode') || keys.has('env_info') || keys.has('exp_name')),
  fields: (keys) => keys.map((name): Field => {
    if (name === 'iter') return { role: 'step', name };
    if (name === 'epoch' || name === 'mode') return { role: name === 'mode' ? 'split' : 'epoch', name };
    if (name === 'seed' || name === 'env_info' || name === 'config' || name === 'exp_name') return { role: 'skip', name };
    return { role: 'metric', name, ...hintsOf(name, keys.includes('lr')) };
  }),
  adjust: mmcvAxes,
  notice(record, sink) {
    if (typeof record['config'] === 'string') addPythonConfig(record['config'], sink);
    if (typeof record['exp_name'] === 'string') sink.fact('name', record['exp_name'].slice(0, 200));
    if (typeof record['seed'] === 'number') sink.config('seed', record['seed']);
  }
});

function mmcvAxes(axes: RecordAxes, _plan: RecordPlan, memory: Memory): void {
  // The `iter` of a validation record counts validation batches: only its epoch places it.
  if (axes.split === 'val') {
    axes.step = NaN;
    return;
  }
  const { epoch, step } = axes;
  if (Number.isNaN(epoch) || Number.isNaN(step)) return;
  if (memory['epoch'] === undefined || epoch < memory['epoch']) Object.assign(memory, { epoch, largest: step, ...(memory['perEpoch'] ? {} : { first: epoch }) });
  if (epoch > (memory['epoch'] as number)) {
    if (memory['perEpoch'] === undefined && step <= (memory['largest'] as number)) memory['perEpoch'] = memory['largest'] as number;
    memory['epoch'] = epoch;
  }
  if (memory['perEpoch'] !== undefined) axes.step = (epoch - (memory['first'] as number)) * memory['perEpoch'] + step;
  else memory['largest'] = Math.max(memory['largest'] as number, step);
}
