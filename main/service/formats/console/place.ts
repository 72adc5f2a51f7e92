/** Where a line of console text says it stands: epoch, step, and of how many. */
import { toNumber } from './dialect.ts';

export interface Place {
  step: number;
  /** How many steps there are, of the epoch or in all. */
  steps: number;
  epoch: number;
  planned: number;
  /** The line without all that. */
  rest: string;
}

const EPOCH =
  /(?<![\p{L}\d])(?:epoch[es]?|[eé]poca|[eé]poque|ep(?=["']?\s*[:=]))(?![\p{L}])["']?\s*[:=#]?\s*[[(]?\s*(\d+(?:\.\d+)?)(?:\s*(?:\/|of|von|sur|de)\s*(\d+))?\s*[\])]?/iu;
const STEP =
  /\b(?:global[_ ]?step|steps?|iter(?:ation)?s?|update|batch|rounds?|episodes?|schritt|it(?=\s*[:=])|itr(?=\s*[:=]))\b["']?\s*[:=#]?\s*[[(]?\s*(\d[\d,]*)(?!\.\d)(?:\s*(?:\/|of|von)\s*(\d[\d,]*))?\s*[\])]?/i;
/** `200/ 2983 batches`, as the language model example of PyTorch counts. */
const COUNT = /(?<![\d.])(\d+)\s*\/\s*(\d+)\s+(?:batches|steps|iters|iterations)\b/i;
/** `[   64/60000]`, as the quickstart of PyTorch counts. */
const BARE = /[[(]\s*(\d+)\s*\/\s*(\d+)\s*[\])]/;
/** The CIFAR tutorial of PyTorch: `[1,  2000] loss: 2.173`. */
const BRACKET = /^\[(\d+),\s*(\d+)\]\s/;
const ANY = /\d/;

/** Step and epoch of a line, and the line without them; null if it has neither. */
export function placeOf(text: string): Place | null {
  if (!ANY.test(text)) return null;
  const bracket = BRACKET.exec(text);
  if (bracket) return { epoch: Number(bracket[1]), step: Number(bracket[2]), steps: NaN, planned: 0, rest: text.slice(bracket[0].length) };
  const epoch = EPOCH.exec(text);
  const step = COUNT.exec(text) ?? STEP.exec(text) ?? bare(epoch ? text.replace(epoch[0], ' ') : text);
  if (!epoch && !step) return null;
  let rest = text;
  for (const found of [epoch, step]) if (found) rest = rest.replace(found[0], ' | ');
  return {
    epoch: epoch ? Number(epoch[1]) : NaN,
    step: toNumber(step?.[1]),
    steps: toNumber(step?.[2]),
    planned: epoch?.[2] === undefined ? 0 : Number(epoch[2]),
    rest,
  };
}

function bare(text: string): RegExpExecArray | null {
  const found = BARE.exec(text);
  return found && Number(found[1]) <= Number(found[2]) ? found : null;
}
