import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, count, epoch, fixed, gap, gibibytes, percent, probability, shortCount, tick, value } from '../../../renderer/format/numbers.ts';
import { epochFigure, stepFigure } from '../../../main/service/diagnose/words.ts';
import { byName } from '../../../renderer/format/names.ts';
import { age, axisTime, elapsed, exact, moment, startOfDay } from '../../../renderer/format/times.ts';
import { words as diagnosis } from '../../../renderer/messages/diagnosis.ts';
import { metricTitle } from '../../../renderer/charts/metric.ts';

describe('numbers', () => {
  test('keep three digits and say what is not finite', () => {
    expect([8.412, 0.09079, 0.00027, 18_240.4, 1.2e7, 0, -0.4061].map((n) => value(n))).toEqual(['8.41', '0.0908', '2.7e-4', '18,240', '1.2e7', '0', '−0.406']);
    expect([NaN, Infinity, -Infinity].map((n) => value(n))).toEqual(['NaN', 'Inf', '−Inf']);
    expect([0.001, 0.5, 3e-4].map((n) => value(n))).toEqual(['0.001', '0.5', '3e-4']);
  });

  test('below each other have as many decimals', () => {
    expect([-0.1191, 0.0614, -0.00004, 0, 1.3649, -12.3456].map((number) => fixed(number, 3))).toEqual(['−0.119', '0.061', '0.000', '0.000', '1.365', '−12.346']);
  });

  test('of a gap are alike wherever they stand', () => {
    expect([1.39, 0.0612, -0.0004, 0.5, Infinity, NaN].map(gap)).toEqual(['1.390', '0.061', '0.000', '0.500', 'Inf', 'NaN']);
  });

  test('on axes have no superfluous zeros', () => {
    expect([0, 0.5, 40, 1e-4, -0.1, 0.1 + 0.2].map(tick)).toEqual(['0', '0.5', '40', '1e-4', '−0.1', '0.3']);
  });

  test('of places are those of the diagnosis', () => {
    expect([0, 0.0153, 0.75, 1.49, 8, 12.34, 1480.26, 2000].map(epoch)).toEqual(['0', '0.015', '0.8', '1.5', '8', '12.3', '1480.3', '2,000']);
    fc.assert(fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), (at) => void expect(epochFigure(at)).toBe(epoch(at))));
    fc.assert(fc.property(fc.nat(), (step) => void expect(stepFigure(step)).toBe(count(step))));
    expect(stepFigure(1234.5678)).toBe('1234.5678');
  });

  test('never round up to certainty', () => {
    expect([0.96, 0.998, 1, 0.002, 0].map(percent)).toEqual(['96 %', '99 %', '100 %', '1 %', '0 %']);
    expect([0.93, 0.999, 1, 0.04].map(probability)).toEqual(['.93', '.99', '1', '.04']);
  });

  test('of bytes and counts carry a unit', () => {
    expect([999, 9_100_000, 530e6].map(bytes)).toEqual(['999 B', '9.1 MB', '530 MB']);
    expect(gibibytes(24 * 1024 ** 3)).toBe('24');
    expect(gibibytes(20.13 * 1024 ** 3)).toBe('20.1');
    expect([count(1_204_882), shortCount(1_204_882)]).toEqual(['1,204,882', '1.2M']);
  });

  test('are grouped as Intl groups them', () => {
    const intl = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
    fc.assert(
      fc.property(fc.oneof(fc.double({ min: -9e15, max: 9e15, noNaN: true }), fc.integer(), fc.constantFrom(0.5, 1.5, 999.5, NaN, Infinity)), (number) => {
        // A count has no negative zero.
        expect(count(number)).toBe(intl.format(number).replace(/^-0$/, '0'));
      }),
    );
  });
});

describe('the diagnosis', () => {
  test('says what is between which', () => {
    expect(diagnosis.between(['a measurement bug', 'a data problem'])).toBe('between a measurement bug and a data problem');
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 23, 14, 30, 0).getTime();
  test('are relative when young', () => {
    expect([2, 61, 720, 7300, 90_000].map((s) => age(now - s * 1000, now))).toEqual(['2 s', '1 min', '12 min', '2 h', '1 d']);
    expect(age(now + 5000, now)).toBe('0 s');
  });

  test('are absolute when old', () => {
    expect(moment(new Date(2026, 10, 23, 9, 14).getTime(), now)).toBe('09:14');
    expect(moment(new Date(2026, 10, 20, 9, 14).getTime(), now)).toBe('Fri');
    expect(moment(new Date(2026, 9, 2).getTime(), now)).toBe('2 Oct');
    expect(moment(new Date(2024, 9, 2).getTime(), now)).toBe('2 Oct 2024');
    expect(startOfDay(now)).toBe(new Date(2026, 10, 23).getTime());
  });

  test('are written as Intl writes them', () => {
    const formats = { clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }, day: { day: 'numeric', month: 'short' }, exact: { dateStyle: 'medium', timeStyle: 'medium' } } as const;
    const intl = (name: keyof typeof formats, at: number) => new Intl.DateTimeFormat('en-GB', formats[name]).format(at);
    fc.assert(
      fc.property(fc.date({ min: new Date(1970, 0, 2), max: new Date(2099, 0), noInvalidDate: true }), (date) => {
        const at = date.getTime();
        expect([axisTime(at, 60_000), axisTime(at, 1000), axisTime(at, 86_400_000), exact(at)]).toEqual([intl('clock', at), intl('seconds', at), intl('day', at), intl('exact', at)]);
        expect(moment(at, at + 3 * 86_400_000)).toBe(new Intl.DateTimeFormat('en-GB', { weekday: 'short' }).format(at));
      }),
    );
  });

  test('elapsed read like a stopwatch', () => {
    expect([0.5, 45, 750, 11_100, -90].map(elapsed)).toEqual(['0.5 s', '45 s', '12:30', '3:05:00', '−1:30']);
  });
});

test('names are sorted by the numbers inside them', () => {
  expect(['seed10', 'seed2', 'Seed3', 'blob'].sort(byName)).toEqual(['blob', 'seed2', 'Seed3', 'seed10']);
});

test('metrics are named as words where they are words', () => {
  expect(['loss', 'grad_norm', 'lr', 'loss.box', 'Acc/Top-1'].map(metricTitle)).toEqual(['Loss', 'grad norm', 'learning rate', 'loss.box', 'Acc/Top-1']);
});
