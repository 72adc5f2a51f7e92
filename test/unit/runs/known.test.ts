import { expect, test, vi } from 'vitest';
import { openCatalogue, type Catalogue } from '../../../main/service/runs/catalogue.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { commit, store } from '../store/places.ts';

/** A store with so many runs of one file each, below folders that are given by the number of the run. */
function withRuns(count: number, folder: (at: number) => string): { kept: Store; rootId: number } {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  const commits = Array.from({ length: count }, (_, at) =>
    commit(kept.addSource(rootId, `${folder(at)}/events`, 'tensorboard').id, 1, (b) => {
      b.point(b.series('loss'), at, NaN, NaN, 1);
      b.point(b.series('val_loss'), at, NaN, NaN, 2);
    }),
  );
  kept.commit(commits);
  return { kept, rootId };
}

const shown = (catalogue: Catalogue) => catalogue.runs().map(({ key, series }) => ({ key, series: series.map((one) => [one.key, one.parts[0]?.end?.step]) }));

test('a start reads the series of the runs that are asked for, then of all at once, and shows what a reading of all shows', () => {
  for (const folder of [(at: number) => `run${at}`, (at: number) => `experiment/logs/version_${at}`]) {
    const { kept, rootId } = withRuns(300, folder);
    const expected = openCatalogue(kept, () => false, () => new Map());
    expected.reload(rootId);
    const one = vi.spyOn(kept, 'series');
    const all = vi.spyOn(kept, 'seriesOfRoot');
    const catalogue = openCatalogue(kept, () => false, () => new Map());
    catalogue.open(rootId);
    expect(catalogue.runs()).toHaveLength(300);
    expect(one).not.toHaveBeenCalled();
    for (const run of catalogue.runs().slice(0, 40)) expect(run.series).toHaveLength(2);
    expect(one).toHaveBeenCalledTimes(40);
    expect(all).not.toHaveBeenCalled();
    catalogue.readAll();
    expect(one.mock.calls.length).toBeLessThanOrEqual(64);
    expect(all).toHaveBeenCalledTimes(1);
    expect(shown(catalogue)).toEqual(shown(expected));
    catalogue.readAll();
    expect(all).toHaveBeenCalledTimes(1);
  }
});

test('where the names of series decide which files are one run, they are read for it', () => {
  const { kept, rootId } = withRuns(200, (at) => (at % 2 === 0 ? `run${at}/train` : `run${at - 1}/validation`));
  const expected = openCatalogue(kept, () => false, () => new Map());
  expected.reload(rootId);
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.open(rootId);
  expect(shown(catalogue)).toEqual(shown(expected));
});
