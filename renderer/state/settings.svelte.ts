/** The user's settings and the theme that follows from them. */
import type { Bridge, Settings as Values } from '../../preload/contract.ts';
import { ask } from './ask.ts';

export class Settings {
  values = $state.raw<Values | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async load(): Promise<void> {
    this.#take(await ask(this.#bridge, 'settings'));
  }

  /** Changes some settings at once and keeps them. */
  async save(change: Partial<Values>): Promise<void> {
    if (!this.values) return;
    const before = this.values;
    this.#take({ ...before, ...change });
    try {
      this.#take(await ask(this.#bridge, 'saveSettings', { ...before, ...change }));
    } catch (error) {
      this.#take(before);
      throw error;
    }
  }

  #take(values: Values): void {
    this.values = values;
    if (values.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = values.theme;
  }
}
