/** What is asked for when charts wish for curves, with a bridge that only counts. */
import { expect, test } from 'vitest';
import type { Bridge, CurveView, Requests } from '../../../preload/contract.ts';
import { fetchCurves, type Drawn, type Order } from '../../../renderer/state/curves.ts';

function counting(thin: Record<string, [number, number]> = {}) {
  const asked: Requests['curves'][0][] = [];
  const bridge = {
    request: (_channel: string, order: Requests['curves'][0]) => {
      asked.push(order);
      const value = order.series.map((key): CurveView => ({ key, x: Float64Array.from(thin[key] ?? [0, 9]), y: Float64Array.of(1, 2), exact: !(key in thin), points: 2, nonFinite: [] }));
      return Promise.resolve({ ok: true, value });
    },
  } as unknown as Bridge;
  return { bridge, asked: () => asked.splice(0), series: () => asked.splice(0).map((order) => order.series) };
}

const order = (series: string[], known: Drawn | null, more: Partial<Order> = {}): Order => ({
  run: '1:a',
  axis: 'step',
  zoom: null,
  wishes: [{ chart: 'loss', series, pixels: 500 }],
  known,
  main: [],
  growth: 1,
  draft: false,
  ...more,
});

test('a curve that is known and fresh is not asked for again', async () => {
  const { bridge, series } = counting();
  const first = await fetchCurves(bridge, order(['a', 'b'], null));
  expect(series()).toEqual([['a', 'b']]);
  expect(await fetchCurves(bridge, order(['a', 'b'], first))).toBe(first);
  expect(series()).toEqual([]);
  const more = await fetchCurves(bridge, order(['a', 'b', 'c'], first));
  expect(series()).toEqual([['c']]);
  expect([...more.curves.keys()]).toEqual(['a', 'b', 'c']);
});

test('it is asked for again when the run grew, when it is drawn wider, and for another part of the axis', async () => {
  const { bridge, series } = counting();
  const known = await fetchCurves(bridge, order(['a'], null));
  series();
  await fetchCurves(bridge, order(['a'], known, { growth: 2 }));
  expect(series()).toEqual([['a']]);
  await fetchCurves(bridge, order(['a'], known, { wishes: [{ chart: 'loss', series: ['a'], pixels: 900 }] }));
  expect(series()).toEqual([['a']]);
  await fetchCurves(bridge, order(['a'], known, { wishes: [{ chart: 'loss', series: ['a'], pixels: 100 }] }));
  expect(series()).toEqual([]);
  const zoomed = await fetchCurves(bridge, order(['a'], known, { zoom: { from: 2, to: 3 } }));
  expect(series()).toEqual([['a']]);
  await fetchCurves(bridge, order(['a'], zoomed, { zoom: { from: 2, to: 3 } }));
  expect(series()).toEqual([]);
  await fetchCurves(bridge, order(['a'], zoomed));
  expect(series()).toEqual([['a']]);
});

test('a thinned curve is asked for by the columns of its chart, and again when those are others', async () => {
  const { bridge, asked, series } = counting({ a: [0, 9] });
  const known = await fetchCurves(bridge, order(['a'], null));
  expect(asked()).toMatchObject([{ series: ['a'], pixels: 500 }]);
  await fetchCurves(bridge, order(['a'], known, { wishes: [{ chart: 'loss', series: ['a'], pixels: 400.5 }] }));
  expect(asked()).toMatchObject([{ series: ['a'], pixels: 400.5 }]);
  // 25 whole columns more on each side, of a hundredth of a unit.
  await fetchCurves(bridge, order(['a'], known, { zoom: { from: 2, to: 7 } }));
  expect(asked()).toEqual([{ run: '1:a', axis: 'step', series: ['a'], pixels: 550, from: 1.75, to: 7.25 }]);
  await fetchCurves(bridge, order(['a'], known, { zoom: { from: 2, to: Infinity } }));
  expect(asked()).toEqual([{ run: '1:a', axis: 'step', series: ['a'], pixels: 500, from: 2 }]);
  await fetchCurves(bridge, order(['a'], known));
  expect(series()).toEqual([]);
});

test('a thinned curve that does not fill the axis is asked for once more, by what the axis shows', async () => {
  const { bridge, asked } = counting({ main: [0, 10], long: [0, 10], short: [4, 10] });
  const main = { key: 'main' } as Order['main'][0];
  const known = await fetchCurves(bridge, order(['main', 'long', 'short', 'few'], null, { main: [main] }));
  expect(asked()).toEqual([
    { run: '1:a', axis: 'step', series: ['main', 'long', 'short', 'few'], pixels: 500 },
    { run: '1:a', axis: 'step', series: ['short'], pixels: 550, from: -0.5, to: 10.5 },
  ]);
  expect(known.curves.get('short')?.points).toBe(2);
  // While the run grows this would be twice the work each time: it is done when it rests.
  const draft = await fetchCurves(bridge, order(['main', 'short', 'few'], known, { main: [main], growth: 2, draft: true }));
  expect(asked()).toMatchObject([{ draft: true, series: ['main', 'short', 'few'] }]);
  await fetchCurves(bridge, order(['main', 'short', 'few'], draft, { main: [main], growth: 2 }));
  expect(asked().map(({ series, draft: isDraft }) => [series, isDraft])).toEqual([[['main', 'short'], undefined], [['short'], undefined]]);
});
