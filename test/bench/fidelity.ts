/**
 * How true the picture of a line is: the pixel columns in which the topmost or the bottommost inked pixel is another one than with every point
 * drawn on a canvas of the same size, scales and line style (test/e2e/fidelity), for our chart and for the points that TensorBoard's server
 * gives of the same log, drawn the same way. It keeps 1000 of a tag.
 */
import { openFidelityStage } from '../e2e/fidelity/stage.ts';
import { whyNoWindow } from './app.ts';
import { skipped, type Row } from './row.ts';
import { findTensorBoard, serveTensorBoard } from './tensorboard.ts';

const COUNT = 1_000_000;
const SIZE = { width: 866, height: 332 };
const ZOOMS = [
  { name: 'the whole', zoom: null, thin: false },
  { name: 'a third', zoom: { from: 300_000.3, to: 300_000.3 + COUNT / 3 }, thin: true },
  { name: 'a hundredth, from within a stretch of the pyramid on', zoom: { from: 512_345.2, to: 512_345.2 + COUNT / 100 }, thin: false },
];
const TARGET = '0; TensorBoard > 0';

export async function benchFidelity(): Promise<Row[]> {
  const what = (name: string) => `pixel columns whose ends are not those of all points drawn, ${name} of 1 M spiky points: our chart / TensorBoard's points`;
  const why = whyNoWindow();
  if (why !== null) return ZOOMS.map(({ name }) => skipped(what(name), why, TARGET));
  const tensorboard = findTensorBoard();
  const stage = await openFidelityStage(COUNT);
  try {
    const sample = typeof tensorboard === 'string' ? null : await pointsOf(tensorboard.tensorboard, stage.logs);
    const rows: Row[] = [];
    for (const { name, zoom, thin } of ZOOMS) {
      const { columns, differing, ofSample } = await stage.compare({ zoom, thin, ...SIZE, ...(sample ? { sample } : {}) });
      const anchor = sample ? `${ofSample.length} of ${columns}` : `skipped: ${String(tensorboard)}`;
      rows.push({ what: what(name), ours: `${differing.length} of ${columns}`, anchor, ratio: null, spread: null, target: TARGET, met: differing.length === 0 && (sample === null || ofSample.length > 0) });
    }
    return rows;
  } finally {
    await stage.close();
  }
}

/** Steps and values of the log's only tag, as TensorBoard's page gets them. */
async function pointsOf(program: string, logs: string): Promise<[number, number][]> {
  const server = await serveTensorBoard(program, logs);
  try {
    const answer = await fetch(`${server.url}/data/plugin/scalars/scalars?run=run&tag=${encodeURIComponent('train/loss')}`);
    return ((await answer.json()) as [number, number, number][]).map(([, step, value]) => [step, value]);
  } finally {
    server.stop();
  }
}
