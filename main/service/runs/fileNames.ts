/** What the name of a log file says: whose log it is, which part of it, which stream. Pure. */
import { splitWord } from './names.ts';

export interface FileName {
  name: string;
  /** The name without its endings, as it was written: `train_1.log.2` is `train_1`. */
  stem: string;
  /** The words of the stem that tell one training from another, '' if there are none: `train.log`, `val.csv` and `metrics.jsonl` have none. */
  identity: string;
  /** The n of `train.log.n`: the larger, the older. 0 for the file that is written to. */
  rotation: number;
  /** The split that a word of the stem names, if exactly one does. */
  split: 'train' | 'val' | 'test' | null;
}

const ENDING = /\.(?:log|txt|out|err|stdout|stderr|console|csv|tsv|json|jsonl|ndjson|history)$/i;
/** `logging`'s handlers, logrotate and newsyslog put a number or a date behind the ending. */
const ROTATED = /^(.*\.(?:log|txt|out|err|csv|jsonl?|console))(?:\.(\d{1,3})|[.-]\d{4}-?\d\d-?\d\d(?:[-_T]?[\d-]{4,8})?)$/i;
/** PBS and SGE: `job.o123` beside `job.e123`. */
const STREAM = /\.[oe](\d+)$/;
/** Words that say what a file holds, not whose it is. */
const ROLE =
  /^(logs?|logger|logging|metrics?|history|results?|outputs?|outs?|std|stdout|stderr|err|errors?|console|nohup|main|loss|losses|acc|accuracy|lr|progress|debug|info|warn|warning|summary|stats|scalars|steps?|epochs?|batch|batches|iter|iters|curve|curves|learning|all|full|run|rank\d*|worker\d*|node\d*)$/;
const RANK = /\b(?:rank|worker|node)[^a-z0-9]?\d+\b/g;

/** Reads a file's name (without its folder). */
export function fileName(name: string): FileName {
  const rotated = ROTATED.exec(name);
  let stem = (rotated?.[1] ?? name).replace(STREAM, '.$1');
  for (let endings = 0; endings < 2; endings += 1) stem = stem.replace(ENDING, '');
  const words = stem.toLowerCase().replace(/_/g, '-').replace(RANK, ' ').split(/[^a-z0-9]+/).filter(Boolean);
  const splits = new Set(words.flatMap((word) => splitWord(word) ?? []));
  const [split] = splits;
  return {
    name,
    stem,
    identity: words.filter((word) => !ROLE.test(word) && splitWord(word) === null).join(' '),
    rotation: rotated ? Number(rotated[2] ?? 1) : 0,
    split: splits.size === 1 && split !== undefined ? split : null,
  };
}

/** Names in the order in which people count: `part2` before `part10`; of rotated files the older first. */
export function byWriting(a: string, b: string): number {
  const [x, y] = [fileName(leafOf(a)), fileName(leafOf(b))];
  const [stemA, stemB] = [folderOf(a) + x.stem, folderOf(b) + y.stem];
  return natural(stemA, stemB) || y.rotation - x.rotation || natural(a, b);
}

function natural(a: string, b: string): number {
  const [x, y] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(x.length, y.length); at += 1) {
    const [p = '', q = ''] = [x[at], y[at]];
    if (p === q) continue;
    const numbers = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : 0;
    return numbers || (p < q ? -1 : 1);
  }
  return 0;
}

function pieces(text: string): string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
