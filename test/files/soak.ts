/**
 * The long tests of reliability.
 *
 *   npm run soak [-- <part>...]      kills, sequences, power, flips, fuzz, steady, app (steady in the window, needs a display); all without a part
 *
 * How long: GAPWATCH_KILLS (1000), GAPWATCH_SEQUENCES (10000), GAPWATCH_CUTS (200), GAPWATCH_FLIPS (200 for each type of page), FUZZ_SECONDS (60
 * for each parser), GAPWATCH_MINUTES (120) with a change every GAPWATCH_PAUSE (20) ms. GAPWATCH_SEED repeats a run. Prints what was done how
 * often and what was lost or doubled by it; ends with code 1 if anything was.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runKillLoop, type KillResult } from './kill-loop.ts';
import { whyNoWindow } from '../bench/app.ts';
import { steadyReport } from './steady-report.ts';
import { inApp, inNode, runSteady, type Follow } from './steady.ts';

const { env } = process;
const seed = Number(env.GAPWATCH_SEED ?? Date.now() % 1_000_000);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Each tells whether all was well. */
const parts: Record<string, () => Promise<boolean>> = {
  kills,
  sequences: () => tests({ GAPWATCH_SEQUENCES: '10000' }, 'actions', 'flaky', 'races'),
  power: () => tests({ GAPWATCH_CUTS: '200' }, 'power'),
  flips: () => tests({ GAPWATCH_FLIPS: '200' }, 'damaged-database'),
  fuzz: () => tests({ FUZZ_SECONDS: '60' }, 'fuzz-text', 'fuzz-binary'),
  steady: () => steady(inNode),
  app: async () => {
    const why = whyNoWindow();
    if (why === null) return steady(inApp);
    say(`app: skipped, ${why}`);
    return true;
  },
};

async function kills(): Promise<boolean> {
  let told = 0;
  const began = performance.now();
  const progress = ({ kills: done, wrong }: KillResult): void => {
    process.stderr.write([`${done} kills, ${wrong.length} wrong`, ...wrong.slice(told)].join('\n') + '\n');
    told = wrong.length;
  };
  const { kills: done, atWork, faults, wrong } = await runKillLoop({ kills: Number(env.GAPWATCH_KILLS ?? 1000), seed, progress });
  say(`${done} kills in ${Math.round((performance.now() - began) / 1000)} s; ${atWork} of them while files were read only in part\n`);
  say('| fault | how often | points lost | points doubled |\n|---|---|---|---|');
  for (const [name, count] of faults) say(`| ${name} | ${count.times} | ${count.lost} | ${count.doubled} |`);
  for (const line of wrong.slice(0, 50)) say(line);
  return wrong.length === 0;
}

/** The tests of the project that take their length from the environment. */
async function tests(length: Record<string, string>, ...names: string[]): Promise<boolean> {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
  const files = names.map((name) => `test/files/${name}.test.ts`);
  const child = spawn(process.execPath, [vitest, 'run', '--project', 'files', ...files], { stdio: 'inherit', env: { ...length, ...env } });
  return (await new Promise((resolve) => child.once('exit', resolve))) === 0;
}

async function steady(follow: Follow): Promise<boolean> {
  const result = await runSteady(follow, Number(env.GAPWATCH_MINUTES ?? 120), seed, Number(env.GAPWATCH_PAUSE ?? 20));
  for (const line of [...steadyReport(result), ...result.wrong]) say(line);
  return result.wrong.length === 0;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`no part is called ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`);
  process.exit(2);
}
say(`seed ${seed}`);
const failed: string[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(parts)) if (!(await parts[name]?.())) failed.push(name);
if (failed.length > 0) say(`not well: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
