/** Which curves the charts in sight need, each at the width at which it is drawn. */
import type { RunDetail, SeriesView } from '../../preload/contract.ts';
import type { Wish } from './curves.ts';
import { chartOf, mainSeries, otherCards, seriesOn } from './series.ts';

/** The chart of the losses, as it calls itself. */
const MAIN = 'loss';
/** Of a run that is opened before its chart says how wide it is. */
const FIRST_PIXELS = 1200;

export class Wishes {
  readonly #byChart = new Map<string, Wish>();

  /** A chart says what it needs as long as it is seen; returns the way to take that back. */
  add(wish: Wish): () => void {
    this.#byChart.set(wish.chart, wish);
    return () => {
      if (this.#byChart.get(wish.chart) === wish) this.#byChart.delete(wish.chart);
    };
  }

  all(): Wish[] {
    return [...this.#byChart.values()];
  }

  /** Of a run that is about to be shown: its main curves, and those of the cards in sight that it has too. So each chart is drawn once, and whole. */
  ofNext(detail: RunDetail): Wish[] {
    const keys = (series: readonly SeriesView[]) => series.map((one) => one.key);
    const pixels = this.#byChart.get(MAIN)?.pixels ?? FIRST_PIXELS;
    const cards = otherCards(detail).flatMap((card): Wish[] => {
      const wish = this.#byChart.get(chartOf(card));
      return wish ? [{ ...wish, series: keys(seriesOn(card)) }] : [];
    });
    return [{ chart: MAIN, series: keys(mainSeries(detail)), pixels }, ...cards];
  }
}
