import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';

/** Larger files are not configuration. */
const YAML_CAP = 1024 * 1024;
const DEEPEST = 64;
const MOST_NODES = 100_000;

interface Walk {
  anchors: Map<string, Node>;
  nodes: number;
}

/**
 * The content of a YAML file as plain data: maps as Map, lists as arrays. Tags of PyYAML and OmegaConf (`!!python/object:...`,
 * `!!python/tuple`) are taken as the plain data below them; nothing is ever constructed or run. Throws an Error with one sentence
 * if the text is no YAML, is nested too deeply or unfolds to too much.
 */
export function parseYaml(text: string): unknown {
  if (text.length > YAML_CAP) throw new Error('This YAML file is larger than 1 MiB: it was not read.');
  const document = parsed(text);
  const [error] = document.errors;
  if (error) throw new Error(`Not valid YAML in line ${text.slice(0, error.pos[0]).split('\n').length}: ${firstSentence(error.message)}`);
  return plain(document.contents, { anchors: new Map(), nodes: 0 }, 0);
}

function parsed(text: string): ReturnType<typeof parseDocument> {
  if (deepest(text) > DEEPEST) throw new Error('This YAML file is nested too deeply: it was not read.');
  try {
    // Pretty errors look for their line each: a hostile file has a million of them.
    return parseDocument(text, { logLevel: 'silent', uniqueKeys: false, strict: false, prettyErrors: false, keepSourceTokens: false });
  } catch (error) {
    throw new Error(`Not valid YAML: ${firstSentence((error as Error).message)}`, { cause: error });
  }
}

/** An upper bound of the nesting, found before the parser recurses into it: brackets left open, and list marks in a row. */
function deepest(text: string): number {
  let open = 0;
  let most = 0;
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) marks = 0;
    else if ((code === 0x2d || code === 0x3f || code === 0x3a) && text.charCodeAt(at + 1) === 0x20) marks += 1;
    else if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > most) most = open;
    if (marks > most) most = marks;
  }
  return most;
}

function firstSentence(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

function plain(node: unknown, walk: Walk, depth: number): unknown {
  walk.nodes += 1;
  if (depth > DEEPEST) throw new Error('This YAML file is nested too deeply: it was not read.');
  if (walk.nodes > MOST_NODES) throw new Error(`This YAML file unfolds to more than ${MOST_NODES} values: it was not read.`);
  if (isAlias(node)) return plain(walk.anchors.get(node.source), walk, depth + 1);
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    if (node.anchor !== undefined && node.anchor !== '') walk.anchors.set(node.anchor, node);
  }
  if (isScalar(node)) return scalar(node.value, node.tag);
  if (isSeq(node)) return node.items.map((item) => plain(item, walk, depth + 1));
  if (!isMap(node)) return null;
  const map = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const content = plain(value, walk, depth + 1);
    if (name === '<<' && content instanceof Map) for (const [inner, item] of content as Map<string, unknown>) map.set(inner, item);
    else if (name !== '') map.set(name, content);
  }
  return map;
}

/** `!!python/name:torch.nn.ReLU ''` says what it means in its tag. */
function scalar(value: unknown, tag: string | undefined): unknown {
  if (value === '' && tag !== undefined) return /python\/(?:name|module|object(?:\/\w+)?):(.+)$/.exec(tag)?.[1] ?? value;
  return value;
}
