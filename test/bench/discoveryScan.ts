/**
 * `<root> [stats]`: the first scan of a tree, to the paths of all files that may be logs as one text, or to the stat of each; with the CPU time
 * it took. Started by discovery.ts.
 */
import { writeFileSync } from 'node:fs';
import { localDisk } from '../../main/service/watch/disk.ts';
import { nameOf } from '../../main/service/watch/listing.ts';
import { below } from '../../main/service/watch/names.ts';
import { openSurvey } from '../../main/service/watch/survey.ts';
import { openTree } from '../../main/service/watch/tree.ts';

const [root = '', stats] = process.argv.slice(2);
void measured(stats === undefined ? listed : surveyed);

async function measured(scan: () => Promise<number>): Promise<void> {
  const before = process.cpuUsage();
  const files = await scan();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ files, cpuMs: (user + system) / 1000 }));
}

/** As a program does that prints what it lists. */
async function listed(): Promise<number> {
  const { read } = await openTree(localDisk(), root).scan();
  const paths: string[] = [];
  for (const { path, files: found } of read.values()) for (const entry of found) paths.push(below(path, nameOf(entry)));
  writeFileSync('/dev/null', paths.join('\n'));
  return paths.length;
}

async function surveyed(): Promise<number> {
  const disk = localDisk();
  const { read } = await openTree(disk, root).scan();
  const survey = openSurvey(disk);
  await survey.ask(read.values());
  return survey.facts.size;
}
