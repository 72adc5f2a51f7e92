/** Says when something takes longer than a user should be left without a word. */
export class Patience {
  isLong = $state(false);
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ms`: so long nothing need be said. */
  constructor(ms: number) {
    this.#ms = ms;
  }

  /** It begins, or begins anew. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.isLong = true), this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.isLong = false;
  }
}
