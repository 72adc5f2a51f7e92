/** The picture of a thinned series is that of all its points: in no pixel column does the topmost or the bottommost inked pixel differ. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFidelityStage, type FidelityStage } from './fidelity/stage.ts';
import { nothingToRunIn } from './window.ts';

const COUNT = 200_000;
const why = nothingToRunIn();
if (why) process.stderr.write(`the fidelity of drawn lines is skipped: ${why}\n`);

describe.skipIf(why)('a line drawn from what the service thinned', () => {
  let stage: FidelityStage;
  beforeAll(async () => {
    stage = await openFidelityStage(COUNT);
  });
  afterAll(() => stage?.close());

  test.each([
    ['the whole, 660 points a column', null, false],
    ['a third of it, from within a stretch of the pyramid on', { from: 61_234.56, to: 61_234.56 + COUNT / 3 }, true],
    ['a twentieth, 33 points a column', { from: 100_003.5, to: 100_003.5 + COUNT / 20 }, false],
    ['a hundredth, 7 points a column', { from: 170_001.25, to: 170_001.25 + COUNT / 100 }, true],
    ['the end, every point', { from: COUNT - 300.5, to: COUNT - 1 }, false],
  ])('%s: as all points are', async (_name, zoom, thin) => {
    const { columns, differing, drawn } = await stage.compare({ zoom, thin, width: 366, height: 232 });
    expect({ columns, differing }).toEqual({ columns: 300, differing: [] });
    expect(drawn).toBeLessThan(5 * 340);
  });

  test.each([1, 2, 4, 8])('a faint one is faint with %i points a column', async (perColumn) => {
    const { most, mean } = await stage.faint(0.3, perColumn);
    expect(mean).toBeGreaterThan(0.2);
    // Two pieces, up and down, lie over each other: 1 - 0.7 ** 2.
    expect(most).toBeLessThan(0.55);
  });
});
