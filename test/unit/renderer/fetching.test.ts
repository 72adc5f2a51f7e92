/** What is asked for when charts wish for curves, with a bridge that only counts. */
import { expect, test } from 'vitest';
import type { Bridge, CurveView, Requests } from '../../../preload/contract.ts';
import { fetchCurves, type Drawn, type Order } from '../../../renderer/state/curves.ts';

function counting() {
  const asked: Requests['curves'][0][] = [];
  const bridge = {
    request: (_channel: string, order: Requests['curves'][0]) => {
      asked.push(order);
      const value = order.series.map((key): CurveView => ({ key, x: Float64Array.of(0, 9), y: Float64Array.of(1, 2), exact: true, points: 2, nonFinite: [] }));
      return Promise.resolve({ ok: true, value });
    },
  } as unknown as Bridge;
  return { bridge, series: () => asked.splice(0).map((order) => order.series) };
}

const order = (series: string[], known: Drawn | null, more: Partial<Order> = {}): Order => ({
  run: '1:a',
  axis: 'step',
  zoom: null,
  wishes: [{ chart: 'loss', series, pixels: 500 }],
  known,
  main: [],
  growth: 1,
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
