/** What the diagnosis gets to see of a run: values only, gathered by runs/. Nothing in this folder reads a file, a clock or the store. */

export type ConfigValue = string | number | boolean | null | ConfigValue[];

export interface SeriesInput {
  /** As logged. */
  name: string;
  /** Canonical metric (`loss`, `accuracy`, `lr`, `grad_norm`, `loss.box` ...). */
  metric: string;
  split: 'train' | 'val' | 'test' | null;
  /** What one value is, where the writer fixes it. null: unknown, to be inferred. */
  meaning: 'batch' | 'window-mean' | 'epoch-mean' | 'smoothed' | 'evaluation' | 'run-mean' | null;
  /** True for the training set measured as validation is ("clean train loss"). */
  probe: boolean;
  /** Equal lengths; NaN on an axis means not logged. Order of arrival, superseded segments left out. */
  step: Float64Array;
  epoch: Float64Array;
  /** Seconds since 1970. */
  time: Float64Array;
  value: Float64Array;
}

/** One GPU that works for the run, while it ran: columns of equal length, oldest first, NaN where not reported. */
export interface GpuInput {
  device: string;
  /** As the driver counts, null if unknown. */
  index: number | null;
  name: string;
  /** Seconds since 1970. */
  time: Float64Array;
  /** Per cent of the time in which a kernel ran. */
  util: Float64Array;
  /** Bytes. */
  memoryUsed: Float64Array;
  memoryTotal: number | null;
  /** Degrees Celsius. */
  temperature: Float64Array;
  /** Shares of the time (0..1) in which heat, hardware or a power brake held the clock down, and in which the power limit did. */
  slowdown: Float64Array;
  powerCap: Float64Array;
  /** Of the whole machine at the same times: busy and input/output-waiting share of all cores in per cent. */
  hostCpu: Float64Array;
  hostIoWait: Float64Array;
}

export interface RunInput {
  /** Format ids of the run's sources, the preferred first (`hf-trainer`, `timm`, `keras-csv` ...). */
  formats: string[];
  series: SeriesInput[];
  config: ReadonlyMap<string, ConfigValue>;
  state: 'running' | 'finished' | 'stalled' | 'failed' | 'unknown';
  /** Planned training steps and epochs, where a writer or the config says so. */
  planSteps: number | null;
  planEpochs: number | null;
  /** Seconds since 1970; only rules about silence use it. */
  now: number | null;
  /** When the last byte arrived, seconds since 1970. */
  lastByteAt: number | null;
  /** d of the runs that differ from this one in nothing but the seed, one a seed; left out or empty where there is none. */
  otherSeeds?: number[];
  /** The GPUs that are known to work for this run; left out or empty where none is. */
  machine?: GpuInput[];
}
