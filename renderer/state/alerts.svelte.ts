/** What was told to the user, newest first. */
import type { AlertView, Bridge } from '../../preload/contract.ts';
import { ask } from './ask.ts';

export class Alerts {
  list = $state.raw<AlertView[]>([]);
  loaded = $state(false);
  /** Id of the alert that keys act on: where the user was, also after a look at its run. */
  at = $state<string | null>(null);
  /** Ids of rules that do not notify. */
  mutedRules = $state.raw<readonly string[]>([]);
  readonly unseen = $derived(this.list.filter((alert) => !alert.seen).length);
  /** Some of them were said aloud, or are about to be. */
  readonly urgent = $derived(this.list.some((alert) => !alert.seen && !alert.silence));
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async load(): Promise<void> {
    this.list = (await ask(this.#bridge, 'alerts')).toSorted((a, b) => b.atMs - a.atMs);
    this.mutedRules = await ask(this.#bridge, 'mutedRules');
    this.loaded = true;
  }

  arrive(alert: AlertView): void {
    this.list = [alert, ...this.list.filter((other) => other.id !== alert.id)];
  }

  async markSeen(): Promise<void> {
    if (this.unseen === 0) return;
    await ask(this.#bridge, 'markAlertsSeen');
    this.list = this.list.map((alert) => (alert.seen ? alert : { ...alert, seen: true }));
  }

  async feedback(id: string, feedback: AlertView['feedback']): Promise<void> {
    this.list = this.list.map((alert) => (alert.id === id ? { ...alert, feedback } : alert));
    await ask(this.#bridge, 'alertFeedback', id, feedback);
  }

  async muteRule(rule: string, muted: boolean): Promise<void> {
    await ask(this.#bridge, 'mute', { rule, muted });
    this.mutedRules = await ask(this.#bridge, 'mutedRules');
  }
}
