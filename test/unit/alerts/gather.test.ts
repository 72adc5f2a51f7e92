import { expect, test } from 'vitest';
import { gather, type Gathering } from '../../../main/service/alerts/gather.ts';
import { decide, type Alert, type AlertSettings, type Finding } from '../../../main/service/alerts/policy.ts';
import type { Clock } from '../../../main/service/clock.ts';

const SETTINGS: AlertSettings = { notifications: true, notifyExpected: false, quietFrom: null, quietTo: null, mutedRuns: new Set(), mutedRules: new Set() };
const MINUTE = 60_000;

/** Time that passes when the test says so. */
function handClock(): Clock & { pass(ms: number): void } {
  let now = 0;
  const due = new Map<number, { at: number; work: () => void }>();
  let next = 0;
  return {
    wall: () => now,
    steady: () => now,
    after(ms, work) {
      next += 1;
      const id = next;
      due.set(id, { at: now + ms, work });
      return () => void due.delete(id);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [first] = [...due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (!first) break;
        due.delete(first[0]);
        now = Math.max(now, first[1].at);
        first[1].work();
      }
      now = end;
    },
  };
}

const finding = (run: string, over: Partial<Finding['entry']> = {}): Finding => ({
  run,
  runName: run,
  lastByteAtMs: 0,
  entry: { rule: 'val-below', severity: 'warning', title: 'Validation is below training', body: '', step: null, expected: false, ...over },
});

function world(): { clock: ReturnType<typeof handClock>; say: string[]; add: Gathering['add']; forget: Gathering['forget'] } {
  const clock = handClock();
  const alerts = new Map<string, Alert>();
  const say: string[] = [];
  const gathering = gather(clock, (_runs, findings, hold) => {
    const { changed, notices, held } = decide(findings, alerts, SETTINGS, clock.wall(), 0, hold);
    for (const alert of changed) alerts.set(alert.id, alert);
    for (const { title } of notices) say.push(`${Math.round(clock.steady() / 1000)} s ${title}`);
    return { said: notices.length > 0, held };
  });
  return { clock, say, add: gathering.add, forget: gathering.forget };
}

test('a folder full of findings is one message', () => {
  const { clock, say, add } = world();
  for (let i = 0; i < 20; i += 1) {
    add(`r${i}`, [finding(`r${i}`)]);
    clock.pass(100);
  }
  clock.pass(1000);
  expect(say).toEqual(['2 s 20 runs need a look']);
});

test('findings that never pause are decided on after three seconds', () => {
  const { clock, say, add } = world();
  for (let i = 0; i < 40; i += 1) {
    add(`r${i}`, [finding(`r${i}`)]);
    clock.pass(100);
  }
  expect(say[0]).toMatch(/^3 s /);
});

test('after a message the next ones wait five minutes and are one', () => {
  const { clock, say, add } = world();
  add('a', [finding('a')]);
  clock.pass(MINUTE);
  add('b', [finding('b')]);
  clock.pass(MINUTE);
  add('c', [finding('c')]);
  clock.pass(2 * MINUTE);
  expect(say).toEqual(['0 s a: validation is below training']);
  clock.pass(2 * MINUTE);
  expect(say).toEqual(['0 s a: validation is below training', '300 s 2 runs need a look']);
  clock.pass(20 * MINUTE);
  expect(say).toHaveLength(2);
});

test('what is critical does not wait', () => {
  const { clock, say, add } = world();
  add('a', [finding('a')]);
  clock.pass(MINUTE);
  add('b', [finding('b', { rule: 'B1', severity: 'critical', title: 'Loss is NaN' })]);
  clock.pass(1000);
  expect(say).toEqual(['0 s a: validation is below training', '60 s b: loss is NaN']);
});

test('what is gone before its turn is not said', () => {
  const { clock, say, add } = world();
  add('a', [finding('a')]);
  clock.pass(MINUTE);
  add('b', [finding('b')]);
  clock.pass(MINUTE);
  add('b', []);
  clock.pass(10 * MINUTE);
  expect(say).toEqual(['0 s a: validation is below training']);
});

test('what was found in a run that went is said of none, neither at once nor when its time comes', () => {
  const { clock, say, add, forget } = world();
  add('first', [finding('first')]);
  add('gone at once', [finding('gone at once')]);
  forget('gone at once');
  clock.pass(MINUTE);
  add('gone later', [finding('gone later')]);
  add('there', [finding('there')]);
  clock.pass(MINUTE);
  forget('gone later');
  clock.pass(10 * MINUTE);
  expect(say.join()).not.toMatch(/gone/);
  expect(say).toHaveLength(2);
});
