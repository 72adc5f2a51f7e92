/** The parts of the run view that come after its title and its losses: each is made in a task of its own, for all at once would be a long one. */
import { afterFrame } from './frames.ts';

const PARTS = ['gap', 'diagnosis', 'cards'] as const;
type Part = (typeof PARTS)[number];

export class Parts {
  #made = $state(0);
  #begun = false;

  /** True once a part of the window may be made. */
  has(part: Part): boolean {
    return PARTS.indexOf(part) < this.#made;
  }

  /** Makes them in their order, once a window. */
  async make(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    // The losses are seen in the first frame, and drawn in the second: nothing may come before them.
    await afterFrame();
    while (this.#made < PARTS.length) {
      await afterFrame();
      this.#made++;
    }
  }
}
