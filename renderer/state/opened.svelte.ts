/** What the user opened and closed, by name: found again as it was left, for as long as the window is there. */

/** More than anybody remembers; then what was touched longest ago is forgotten. */
const MOST = 500;

export class Opened {
  #chosen = $state.raw<ReadonlyMap<string, boolean>>(new Map());

  /** Whether it is open: as the user left it, else as it begins. */
  has(name: string, begins = false): boolean {
    return this.#chosen.get(name) ?? begins;
  }

  /** Notes what the user did; nothing if it is so already, as when the page itself opens what begins open. */
  set(name: string, open: boolean, begins = false): void {
    if (this.has(name, begins) === open) return;
    const others = [...this.#chosen].filter(([other]) => other !== name);
    this.#chosen = new Map([...others.slice(1 - MOST), [name, open]]);
  }
}
