import { mkdirSync, renameSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { action, numbersIn, openPlayer, type Action, type Model } from './actions.ts';
import { openWorld, type World } from './world.ts';

const SEQUENCES = Number(process.env.GAPWATCH_SEQUENCES ?? 300);

test(
  `whatever happens to files, the store holds exactly what they say (${SEQUENCES} sequences)`,
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 30 }), playAndCheck), {
      numRuns: SEQUENCES,
      ...(process.env.GAPWATCH_SEED ? { seed: Number(process.env.GAPWATCH_SEED) } : {}),
    });
  },
  60_000 + SEQUENCES * 2000,
);

async function playAndCheck(actions: Action[]): Promise<void> {
  const world = await openWorld();
  const player = openPlayer(world.root);
  const seen = new Set<number>();
  const lists = new Map<string, number[]>();
  try {
    for (const act of [...actions, { do: 'look' } as Action]) {
      if (act.do === 'rootAway') await awayAndBack(world);
      else if (act.do === 'restart') await world.restart();
      else if (act.do === 'glance') await world.pass(1000);
      else if (act.do === 'look' || act.do === 'idle') {
        await world.look();
        player.looked();
        if (act.do === 'idle') await world.pass(3000);
        check(world, player.model, seen, lists, act.do === 'idle');
      } else player.play(act);
      // Growth right after it would hide an edit in the middle of a long file: without reading all of it again nobody could tell.
      if (act.do === 'editInPlace') await world.look();
    }
  } finally {
    await world.close();
  }
}

async function awayAndBack(world: World): Promise<void> {
  renameSync(world.root, `${world.root}-away`);
  await world.look();
  expect(world.store.sources(world.rootId).filter((source) => !source.gone)).toEqual([]);
  mkdirSync(world.root);
  await world.look();
  renameSync(`${world.root}-away`, world.root);
}

function check(world: World, model: Model, seen: Set<number>, lists: Map<string, number[]>, idle: boolean): void {
  const sources = world.store.sources(world.rootId);
  for (const [path, text] of model.files) {
    const { complete, rest } = numbersIn(text);
    if (complete.length === 0) continue;
    const source = world.source(path);
    if (!source) throw new Error(`no source for ${path}`);
    const values = world.values(source);
    expect(values.slice(0, complete.length), path).toEqual(complete);
    // Only what an unfinished last line says at the moment may follow.
    if (idle || values.length > complete.length) expect(values.slice(complete.length), path).toEqual(rest === null ? [] : [rest]);
    for (const number of complete) seen.add(number);
  }
  for (const [path, text] of model.lists) {
    if (text.endsWith(']')) lists.set(path, JSON.parse(text) as number[]);
    const source = world.source(path);
    const expected = lists.get(path);
    if (expected) expect(source && world.values(source), path).toEqual(expected);
  }
  const there = sources.filter((source) => !source.gone).map((source) => source.path);
  expect(there.filter((path) => !model.files.has(path) && !model.lists.has(path))).toEqual([]);
  const kept = new Set(sources.flatMap((source) => world.values(source, 'all')));
  expect([...seen].filter((number) => !kept.has(number))).toEqual([]);
}
