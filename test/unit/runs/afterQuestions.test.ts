import { expect, test } from 'vitest';
import { afterQuestions } from '../../../main/service/afterQuestions.ts';
import { manualClock } from '../../fixtures/machine/manual-clock.ts';

/** Work that waits, on a clock that the test turns. */
function waiting() {
  const clock = manualClock();
  let done = 0;
  return { clock, done: () => done, after: afterQuestions(clock, () => (done += 1)) };
}

test('it is done once, soon after the start, if nothing is asked', () => {
  const { clock, done, after } = waiting();
  expect(done()).toBe(0);
  clock.advance(1000);
  expect(done()).toBe(1);
  after.asked();
  clock.advance(1000);
  expect(done()).toBe(1);
});

test('it waits for a window that asks one thing after the other', () => {
  const { clock, done, after } = waiting();
  for (let question = 0; question < 5; question += 1) {
    clock.advance(40);
    after.asked();
  }
  expect(done()).toBe(0);
  clock.advance(200);
  expect(done()).toBe(1);
});

test('it does not wait for ever for a window that asks on and on', () => {
  const { clock, done, after } = waiting();
  for (let question = 0; question < 20; question += 1) {
    clock.advance(50);
    after.asked();
  }
  expect(done()).toBe(1);
});

test('it is not done after the end', () => {
  const { clock, done, after } = waiting();
  after.stop();
  after.asked();
  clock.advance(1000);
  expect(done()).toBe(0);
  expect(clock.waiting).toBe(0);
});
