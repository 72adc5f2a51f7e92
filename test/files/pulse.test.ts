/** A folder above the root is renamed, of which the system tells nobody who watches the root. */
import { renameSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { logsOf, numbers } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
const { begun, values } = logsOf(() => world);
const states = (): string[] => world.events.flatMap((event) => (event.kind === 'root-state' ? event.state : []));

afterEach(() => world.close());

test('that the root is no longer there is said within seconds, long before the next scan, and its runs stay', async () => {
  world = await openWorld();
  await begun();
  const elsewhere = `${world.folder}-elsewhere`;
  renameSync(world.folder, elsewhere);
  await world.pass(5000);
  await world.pass(1);
  expect(states().at(-1)).toBe('gone');
  renameSync(elsewhere, world.folder);
  await world.pass(3000);
  expect(states().at(-1)).toBe('ok');
  expect(values('run/log.num')).toEqual(numbers(100, 20));
});
