/** How the lines of the open run are drawn, whatever part of them is in sight. */
import { recallOne, remember } from './remembered.ts';

export class ChartStyle {
  log = $state(recallOne('log', [false, true]));
  /** Of smoothing, see charts/smoothing.ts. */
  level = $state(recallOne('smoothing', [4, 0, 1, 2, 3, 5, 6]));
  /** Train losses are moved to the left by half their logging window. */
  shift = $state(false);
  /** Far outliers are cut off at the edge of the picture. */
  cut = $state(true);

  setLog(log: boolean): void {
    this.log = log;
    remember('log', log);
  }

  setLevel(level: number): void {
    this.level = level;
    remember('smoothing', level);
  }
}
