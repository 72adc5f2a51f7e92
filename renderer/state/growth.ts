/** Growth of the run on the screen: how often it grew, and whether it still does. */

/** So long after it grew last a run has stopped growing, ms; longer while a folder is read, when every core is needed. */
const QUIET_MS = 400;
const QUIET_AFTER_READING_MS = 2000;

export class Growth {
  /** Goes up with each growth: what was fetched at another count is out of date. */
  count = 0;
  /** While it is true dense curves come as drafts. */
  isOn = false;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  readonly #ended: () => void;

  /** `ended` is called each time growth has ended. */
  constructor(ended: () => void) {
    this.#ended = ended;
  }

  /** The run grew out of sight: it counts, and nothing is drawn for it. */
  unseen(): void {
    this.count++;
  }

  /** The run grew; `appended` just now, or points were found that had been there. */
  seen(appended: boolean): void {
    this.count++;
    this.isOn = true;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(
      () => {
        this.isOn = false;
        this.#ended();
      },
      appended ? QUIET_MS : QUIET_AFTER_READING_MS,
    );
  }
}
