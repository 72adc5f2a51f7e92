/**
 * The whole service in a process of its own, for tests that kill it. Says the kind of each event as a line of JSON.
 *
 *   node child-service.ts <path of gapwatch.db> <folder>...
 */
import { dirname } from 'node:path';
import { openBareService } from '../bench/bareService.ts';

const [database = '', ...folders] = process.argv.slice(2);
const say = (kind: string): boolean => process.stdout.write(`${JSON.stringify({ kind })}\n`);
const { service, request } = openBareService(dirname(database), (event) => say(event));
for (const folder of folders) await request('addFolder', [folder]);
process.stdin.on('end', () => void service.close());
process.stdin.resume();
