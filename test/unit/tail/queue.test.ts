import { expect, test } from 'vitest';
import { newcomer, type Followed } from '../../../main/service/tail/followed.ts';
import { openQueue } from '../../../main/service/tail/queue.ts';

const file = (path: string, mtimeMs: number): Followed => newcomer({ path, native: path, stat: { size: 1, mtimeMs, ctimeMs: 0 } }, 0);

test('newest first, what is on the screen before all others, each once a round', () => {
  const [old, fresh, shown] = [file('old', 1), file('new', 9), file('shown', 5)];
  const queue = openQueue((one) => one === shown);
  for (const one of [old, fresh, shown]) queue.add(one);
  const order: string[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const one = queue.next();
    if (!one) break;
    order.push(one.path);
    queue.add(one);
  }
  expect(order).toEqual(['shown', 'new', 'old', 'shown', 'new', 'old']);
});

test('a hinted file comes before the rest of the round and only once', () => {
  const [a, b, live] = [file('a', 3), file('b', 2), file('live', 1)];
  const queue = openQueue(() => false);
  for (const one of [a, b, live]) queue.add(one);
  expect(queue.next()).toBe(a);
  queue.urge(live);
  expect(queue.next()).toBe(live);
  expect(queue.next()).toBe(b);
  expect(queue.next()).toBeNull();
  expect(queue.size).toBe(0);
});

test('a removed file does not come up', () => {
  const [a, b] = [file('a', 2), file('b', 1)];
  const queue = openQueue(() => false);
  queue.add(a);
  queue.add(b);
  queue.remove(a);
  expect(queue.next()).toBe(b);
  expect(queue.next()).toBeNull();
});
