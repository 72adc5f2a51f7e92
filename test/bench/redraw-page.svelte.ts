/**
 * Runs in a page of its own: one chart of ours and one of bare uPlot with the same lines, redrawn on demand. Built by redraw.ts. Each redraw is
 * waited for in the same way, to the end of the one frame that it takes: a loop of frames that looks for its end took ours a second, empty one.
 */
import uPlot from 'uplot';
import { plot } from '../../renderer/charts/plot.svelte.ts';
import { yRange } from '../../renderer/charts/ranges.ts';
import type { Line, Spec, Viewport } from '../../renderer/charts/spec.ts';
import { afterFrame } from '../../renderer/state/frames.ts';

export interface Redraws {
  ours(times: number): Promise<void>;
  bare(times: number): Promise<void>;
}

const SIZE = { width: 1200, height: 500 };
const viewport: Viewport = { range: { from: 0, to: 1 }, whole: { from: 0, to: 1 }, cursor: null, setZoom: () => undefined, zoomBy: () => undefined, panBy: () => undefined };

Object.assign(window, {
  /** Makes both charts with so many lines of so many points; each redraw shows new values. */
  async prepare(series: number, points: number): Promise<Redraws> {
    for (let run = 1; run <= 8; run++) document.documentElement.style.setProperty(`--run-${run}`, `hsl(${run * 45} 70% 45%)`);
    document.body.replaceChildren();
    const values = [0, 1].map((turn) => Array.from({ length: series }, (_, line) => Float64Array.from({ length: points }, (_, at) => Math.sin(at / 150 + line) + noise(at * 7 + line + turn))));
    const ours = ourChart(values, points);
    const bare = bareChart(values, points);
    await ours(1);
    await bare(1);
    return { ours, bare };
  },
});

function ourChart(values: Float64Array[][], points: number): Redraws['ours'] {
  const node = box();
  // Each line comes with an x of its own, as from the service.
  const specs = values.map((own): Spec => ({
    lines: own.map((y, line): Line => ({ key: `${line}`, name: `l${line}`, colour: `run-${(line % 8) + 1}`, width: 1, x: Float64Array.from(y, (_, at) => at), y })),
    axis: 'step',
    range: { from: 0, to: points - 1 },
    axes: 'both',
  }));
  let turn = 0;
  let shown = $state.raw(specs[0] as Spec);
  $effect.root(() => {
    $effect(() => plot(() => shown, viewport)(node) ?? undefined);
  });
  return async (times) => {
    for (let i = 0; i < times; i++) {
      delete node.dataset['points'];
      shown = specs[turn++ % 2] as Spec;
      do await afterFrame();
      while (node.dataset['points'] === undefined);
      raster(node);
    }
  };
}

function bareChart(values: Float64Array[][], points: number): Redraws['bare'] {
  const node = box();
  const x = Float64Array.from({ length: points }, (_, at) => at);
  const series = values[0]?.map((_, line) => ({ stroke: `hsl(${((line % 8) + 1) * 45} 70% 45%)`, width: 1 })) ?? [];
  // The same picture as ours: in uPlot's own wider y range the lines are a fifth lower, and so is what their raster costs.
  const scales: uPlot.Scales = { x: { time: false }, y: { range: (_u, min, max) => yRange(min, max, false) } };
  const room: Partial<uPlot.Options> = { padding: [8, 18, 0, 0], axes: [{ size: 24 }, { size: 48 }] };
  const u = new uPlot({ ...SIZE, ...room, scales, legend: { show: false }, series: [{}, ...series] }, [x, ...(values[0] ?? [])], node);
  let turn = 0;
  return async (times) => {
    for (let i = 0; i < times; i++) {
      u.setData([x, ...(values[turn++ % 2] ?? [])]);
      await afterFrame();
      raster(node);
    }
  };
}

function box(): HTMLElement {
  const node = document.createElement('div');
  node.style.cssText = `width: ${SIZE.width}px; height: ${SIZE.height}px`;
  document.body.append(node);
  return node;
}

/** Reading a pixel has the canvas rastered now, on this thread. */
function raster(node: HTMLElement): void {
  node.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 1, 1);
}

function noise(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43758.5453;
  return (value - Math.floor(value)) * 0.5;
}
