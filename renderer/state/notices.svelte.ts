/** Short messages at the bottom of the window: what failed, what was copied. */
import { Refused } from './ask.ts';

export interface Notice {
  id: number;
  tone: 'bad' | 'info';
  text: string;
}

export class Notices {
  list = $state.raw<Notice[]>([]);
  #next = 1;

  say(text: string, tone: Notice['tone'] = 'info', forMs = 4000): void {
    const notice = { id: this.#next++, tone, text };
    this.list = [...this.list.filter((other) => other.text !== text), notice].slice(-3);
    setTimeout(() => this.close(notice.id), tone === 'bad' ? forMs * 2.5 : forMs);
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Runs `work`; where it fails, says so and returns undefined. */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.say(error instanceof Refused || error instanceof Error ? error.message : String(error), 'bad');
      return undefined;
    }
  }
}
