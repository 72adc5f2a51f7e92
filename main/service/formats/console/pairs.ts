import { globalStep, innerStepsFrom, isMetricName, splitOf, type InnerSteps } from '../axes.ts';
import type { SeriesHints, Sink, Split } from '../format.ts';
import { NUM, put, toNumber, type Dialect } from './dialect.ts';
import { placeOf } from './place.ts';

const NUMBER = new RegExp(`(?<![\\w./-])(${NUM})(?![\\w./:]*\\d|\\w*[A-Za-z]{4,})\\s?(%|ms\\b|it/s|s/it|s\\b|[KMBGTk](?:i?B)?\\b|tok(?:ens)?/s(?:ec)?)?`, 'g');
const KEY = /^\p{L}[\p{L}0-9_./@()' -]{0,48}$/u;
const SPLIT = /^[^A-Za-z]*(train(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|test(?:ing)?|dev)\b/i;
const BARE_SPLIT = /^(train(ing)?|val(id(ation)?)?|eval|test)$/i;
/** `Validation loss decreased (2.31 --> 2.25)` repeats what was told; `best @ epoch 5` tells of another line. */
const RETOLD = /\b(?:decreased|improved|increased|dropped)\s*(?:from|\()\s*(?:[\d.]+|inf|nan)\s*(?:-+>|=+>|→|to)/i;
const COUNTER = /^(best|epochs?|steps?|iter|iterations?|batch)$/i;
const NO_SPLIT = /^(lr|learning[_ ]rate|time|eta|elapsed|speed|tps|mem)/i;
/** A line that only says what the lines behind it measure: `Validation:`, `=== Test results ===`, `Test Error:`. */
const SECTION = /^[\s\-=*#[(]*(train(?:ing)?|val(?:id(?:ation)?)?|eval(?:uation)?|test(?:ing)?|dev)(?:[ _-](?:set|results?|metrics?|errors?|performance|stats?|summary))?[\s\-=*#\]):]*$/i;
/** What was measured on what: `Test Accuracy of the model on the 10000 test images: 97.1 %`. */
const OBJECT = /\s+(?:of|on|over|for)\s+(?:the\s+)?[^:=|,;]{3,80}(?=\s*[:=])/i;
const SHAPE_CAP = 32;
const LEAST = 3;

interface Pair {
  name: string;
  split: Split | null;
  unit: string;
  value: number;
}

interface Waiting {
  step: number;
  epoch: number;
  time: number;
  values: number[];
}

interface Saved {
  shapes: [string, number][];
  waiting: [string, string][];
  epoch: string;
  step: string;
  inner: InnerSteps;
  section: string | null;
  heading: string;
}

/**
 * Lines of `key: number` pairs by any loop (formats reference 4.3). A line counts if it has a step or an epoch - or follows a line
 * that had - and a metric among its keys; its shape must come three times before anything is believed, and then the first two count too.
 */
export function openPairs(saved?: unknown): Dialect {
  const before = saved as Saved | null | undefined;
  const counts = new Map<string, number>(before?.shapes);
  const waiting = new Map<string, Waiting[]>(before?.waiting.map(([shape, lines]) => [shape, unpacked(lines)]));
  const inner = innerStepsFrom(before?.inner);
  let epoch = Number(before?.epoch ?? NaN);
  let step = Number(before?.step ?? NaN);
  /** The epoch that a line announced which measured nothing: it holds for the steps behind it. */
  let heading = Number(before?.heading ?? NaN);
  let section = before?.section ?? null;
  return {
    line({ text, time, final }, sink) {
      if (!final || text.length > 1000 || RETOLD.test(text)) return false;
      const place = placeOf(text);
      if (place !== null) {
        if (Number.isNaN(place.epoch)) place.epoch = heading;
        epoch = place.epoch;
        step = globalStep(inner, place.epoch, place.step, place.steps);
        section = null;
        if (place.planned > 0) sink.fact('planEpochs', place.planned);
      } else section = SECTION.exec(text)?.[1] ?? section;
      if (Number.isNaN(epoch) && Number.isNaN(step)) return false;
      const pairs = pairsOf(place === null ? text : place.rest, SPLIT.exec(text)?.[1] ?? section ?? undefined);
      // A line that counts both epochs and steps is one of a training, whatever its values are called.
      const measured = measures(pairs) || (place !== null && pairs.length > 1 && !Number.isNaN(place.epoch + place.step));
      if (place !== null && Number.isNaN(place.step)) heading = measured ? NaN : epoch;
      if (!measured || (place === null && !isMetricName(text.slice(0, 40)))) return false;
      return believe(shapeOf(pairs, place !== null), pairs, { step, epoch, time, values: pairs.map((pair) => pair.value) }, counts, waiting, sink);
    },
    save: (): Saved => ({
      shapes: [...counts],
      waiting: [...waiting].map(([shape, lines]) => [shape, packed(lines)]),
      epoch: String(epoch),
      step: String(step),
      inner: { ...inner },
      section,
      heading: String(heading)
    })
  };
}

/** True if a key names a metric, or `train` and `val` stand alone as keys: then they are losses. */
function measures(pairs: readonly Pair[]): boolean {
  if (pairs.some(({ name }) => isMetricName(name))) return true;
  return new Set(pairs.filter(({ name }) => BARE_SPLIT.test(name)).map(({ split }) => split)).size > 1;
}

/** Counts a shape; hands on its points from the third line on, with those that waited. */
function believe(shape: string, pairs: Pair[], line: Waiting, counts: Map<string, number>, waiting: Map<string, Waiting[]>, sink: Sink): boolean {
  const count = (counts.get(shape) ?? 0) + 1;
  if (count === 1 && counts.size >= SHAPE_CAP) return false;
  counts.set(shape, Math.min(count, LEAST));
  const lines = waiting.get(shape) ?? [];
  if (count < LEAST) {
    waiting.set(shape, [...lines, line]);
    return true;
  }
  waiting.delete(shape);
  for (const { step, epoch, time, values } of [...lines, line]) {
    pairs.forEach((pair, at) => put(sink, pair.name, hintsOf(pair), { step, epoch, time }, values[at] as number));
  }
  return true;
}

function hintsOf({ name, split, unit }: Pair): SeriesHints {
  const own = split !== null && splitOf(name) === null && !NO_SPLIT.test(name);
  return { ...(own ? { split } : {}), ...(unit === '' ? {} : { unit }) };
}

function shapeOf(pairs: readonly Pair[], placed: boolean): string {
  return `${placed ? 'at' : 'after'}|${pairs.map(({ name, split }) => `${split ?? ''}:${name}`).join('|')}`;
}

/** The pairs of a line: each number with the words before it. A split word holds for the keys behind it until the next one. */
function pairsOf(line: string, leading: string | undefined): Pair[] {
  const pairs: Pair[] = [];
  const object = OBJECT.exec(line)?.[0] ?? '';
  const text = object === '' ? line : line.replace(object, '');
  leading ??= /\b(test|val(?:idation)?|dev|train(?:ing)?)\b/i.exec(object)?.[1];
  let split: Split | null = leading === undefined ? null : splitOf(leading);
  let from = 0;
  for (const found of text.matchAll(NUMBER)) {
    const before = text.slice(from, found.index);
    from = found.index + found[0].length;
    const { name, named } = keyOf(before);
    if (named !== null) split = named;
    if (name === '' || pairs.length >= 32) continue;
    pairs.push({ name, split, unit: found[2] ?? '', value: toNumber(found[1]) });
  }
  return pairs;
}

interface Key {
  /** '' if the words before a number are no key. */
  name: string;
  named: Split | null;
}

/** Texts before numbers that were read: the lines of a loop repeat them. */
const keys = new Map<string, Key>();
const MOST_KEYS = 4000;

/** The key in the text between two numbers: the words behind the last comma, bar, bracket or further colon. */
function keyOf(before: string): Key {
  const known = keys.get(before);
  if (known) return known;
  const plain = before.replace(/[\s:=]+$/, '');
  const cut = plain.split(/[,;|\t[\]{}]|:\s| - |\s{2,}/);
  const name = (cut.at(-1) ?? '').replace(/^[^\p{L}\d]+|[\s:=("']+$/gu, '').trim();
  const named = splitOf(plain.replace(/[^\p{L}_]+/gu, ' ').trim()) ?? splitOf(name);
  const isKey = KEY.test(name) && !COUNTER.test(name) && name.split(/\s+/).length <= 4;
  const key = { name: isKey ? name : '', named };
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(before, key);
  return key;
}

/** JSON has no NaN: waiting lines are saved as text. */
function packed(lines: readonly Waiting[]): string {
  return lines.map(({ step, epoch, time, values }) => [step, epoch, time, ...values].join(' ')).join('\n');
}

function unpacked(text: string): Waiting[] {
  return text.split('\n').map((line) => {
    const [step = NaN, epoch = NaN, time = NaN, ...values] = line.split(' ').map(Number);
    return { step, epoch, time, values };
  });
}
