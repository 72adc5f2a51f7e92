/**
 * The long test of reliability: kills the follower at random moments while many logs grow, rotate and are damaged.
 *
 *   npm run soak [-- <kills, default 1000> | -- <minutes>m] [seed]
 *
 * Prints what was done how often, and what was lost or doubled by it; ends with code 1 if anything was.
 */
import { runKillLoop, type KillResult } from './kill-loop.ts';

const [amount = '1000', seedText] = process.argv.slice(2);
const minutes = amount.endsWith('m') ? Number(amount.slice(0, -1)) : null;
const seed = Number(seedText ?? Date.now() % 1_000_000);
const began = performance.now();

let told = 0;

process.stdout.write(`seed ${seed}\n`);
const result = await runKillLoop({
  kills: minutes === null ? Number(amount) : Infinity,
  seed,
  goOn: () => minutes === null || performance.now() - began < minutes * 60_000,
  progress: report,
});
table(result);
process.exitCode = result.wrong.length > 0 ? 1 : 0;

function report({ kills, wrong }: KillResult): void {
  process.stderr.write(`${kills} kills, ${wrong.length} wrong\n`);
  for (const line of wrong.slice(told)) process.stderr.write(`${line}\n`);
  told = wrong.length;
}

function table({ kills, atWork, faults, wrong }: KillResult): void {
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(`${kills} kills in ${seconds} s; ${atWork} of them while files were read only in part\n\n`);
  process.stdout.write('| fault | how often | points lost | points doubled |\n|---|---|---|---|\n');
  for (const [name, count] of faults) process.stdout.write(`| ${name} | ${count.times} | ${count.lost} | ${count.doubled} |\n`);
  for (const line of wrong.slice(0, 50)) process.stdout.write(`${line}\n`);
}
