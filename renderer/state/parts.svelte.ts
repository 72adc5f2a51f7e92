/** The parts of the run view that come after its title: each is made in a task of its own, for all at once would be a long one. */
import { afterFrame, nextTask } from './frames.ts';

const PARTS = ['losses', 'gap', 'diagnosis', 'cards'] as const;
type Part = (typeof PARTS)[number];

export class Parts {
  #made = $state(0);
  #begun = false;

  /** True once a part of the window may be made. */
  has(part: Part): boolean {
    return PARTS.indexOf(part) < this.#made;
  }

  /** The losses, before the next frame if there is time: title and chart in one task take 50 ms of a processor the first time. */
  async makeLosses(): Promise<void> {
    await nextTask();
    this.#made = Math.max(this.#made, 1);
  }

  /** Makes all in their order, once a window. */
  async make(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    await this.makeLosses();
    // They are seen in the first frame, and drawn in the second: nothing may come before them.
    await afterFrame();
    while (this.#made < PARTS.length) {
      await afterFrame();
      this.#made++;
    }
  }
}
