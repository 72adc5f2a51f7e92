/** What the window may ask, once: each channel and what its arguments must look like, checked at run time on arrival. */
import * as v from 'valibot';

const key = v.pipe(v.string(), v.maxLength(8192));
const text = v.pipe(v.string(), v.maxLength(20_000));
const number = v.pipe(v.number(), v.finite());
const axis = v.picklist(['step', 'epoch', 'elapsed', 'wall']);
const remedyState = v.picklist(['todo', 'doing', 'done', 'not-applicable']);

/** Request channels: arguments as a tuple schema. Results are in `Results`. */
export const requests = {
  overview: v.tuple([]),
  /** The overview with the rows of so many newest runs, and of the open one; the others follow as changes. */
  newest: v.tuple([v.strictObject({ count: v.pipe(number, v.integer(), v.minValue(1), v.maxValue(1000)), open: v.nullable(key) })]),
  banners: v.tuple([]),
  run: v.tuple([key]),
  curves: v.tuple([
    v.strictObject({
      run: key,
      series: v.pipe(v.array(key), v.maxLength(200)),
      axis,
      from: v.optional(number),
      to: v.optional(number),
      pixels: v.pipe(number, v.minValue(1), v.maxValue(20_000)),
      /** Of many points the extremes of each pixel column alone, without what joins them: for a picture that is replaced in a moment. */
      draft: v.optional(v.boolean()),
    }),
  ]),
  compare: v.tuple([v.pipe(v.array(key), v.maxLength(50))]),
  /** What runs say under a name: a number of the configuration, else the newest value of a metric. */
  numbers: v.tuple([v.pipe(v.string(), v.maxLength(200))]),
  ruleNames: v.tuple([]),
  machine: v.tuple([v.strictObject({ from: number, to: number, buckets: v.pipe(number, v.minValue(1), v.maxValue(5000)) })]),
  alerts: v.tuple([]),
  mutedRules: v.tuple([]),
  markAlertsSeen: v.tuple([]),
  alertFeedback: v.tuple([key, v.picklist(['expected-here', 'useful', 'none'])]),
  mute: v.tuple([v.strictObject({ run: v.optional(key), rule: v.optional(key), muted: v.boolean() })]),
  setRemedy: v.tuple([v.strictObject({ run: key, remedy: key, state: remedyState, note: v.optional(text) })]),
  setNote: v.tuple([key, text]),
  setPinned: v.tuple([key, v.boolean()]),
  setHidden: v.tuple([key, v.boolean()]),
  correctSeries: v.tuple([
    v.strictObject({ run: key, series: key, metric: v.nullable(key), split: v.nullable(v.picklist(['train', 'val', 'test'])) }),
  ]),
  problems: v.tuple([]),
  addFolder: v.tuple([key]),
  chooseFolder: v.tuple([]),
  removeFolder: v.tuple([number]),
  examples: v.tuple([]),
  playExample: v.tuple([key]),
  settings: v.tuple([]),
  saveSettings: v.tuple([
    v.strictObject({
      theme: v.picklist(['system', 'light', 'dark']),
      notifications: v.boolean(),
      notifyExpected: v.boolean(),
      quietFrom: v.nullable(v.pipe(v.string(), v.regex(/^\d\d:\d\d$/))),
      quietTo: v.nullable(v.pipe(v.string(), v.regex(/^\d\d:\d\d$/))),
      keepRunning: v.boolean(),
    }),
  ]),
  explanation: v.tuple([key]),
  copyText: v.tuple([text]),
  openLink: v.tuple([v.picklist(['readme', 'log-folder'])]),
  reportError: v.tuple([text]),
} as const;

export type Axis = v.InferOutput<typeof axis>;
export type RemedyState = v.InferOutput<typeof remedyState>;
export type Settings = v.InferOutput<(typeof requests.saveSettings.items)[0]>;
export type Requests = { [K in keyof typeof requests]: v.InferOutput<(typeof requests)[K]> };
