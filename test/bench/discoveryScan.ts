/** `<root>`: the first scan of a tree, with the CPU time it took. Started by discovery.ts. */
import { localDisk } from '../../main/service/watch/disk.ts';
import { openTree } from '../../main/service/watch/tree.ts';

const before = process.cpuUsage();
const { facts } = await openTree(localDisk(), process.argv[2] ?? '').scan();
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ files: facts.size, cpuMs: (user + system) / 1000 }));
