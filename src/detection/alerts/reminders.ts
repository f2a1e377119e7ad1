// When an open alert is sent again although nothing has changed: after a while, and then at intervals.
import type { AlertOptions } from './alert-options.ts';

export type ReminderOptions = Pick<AlertOptions, 'remindAfterMs' | 'remindEveryMs'>;

/** Data times only; after a restart it goes on with what was sent last. */
export class Reminders {
  #dueMs: number;
  readonly #everyMs: number;

  /** `sentMs` is the newest state that was sent. */
  constructor({ remindAfterMs, remindEveryMs }: ReminderOptions, startMs: number, sentMs: number) {
    const first = startMs + (remindAfterMs || Number.POSITIVE_INFINITY);
    this.#everyMs = remindEveryMs || Number.POSITIVE_INFINITY;
    this.#dueMs = sentMs < first ? first : sentMs + this.#everyMs;
  }

  /** Whether the alert is due at `timeMs`; the next time is a whole interval later. */
  isDue(timeMs: number): boolean {
    if (timeMs < this.#dueMs) return false;
    this.#dueMs = timeMs + this.#everyMs;
    return true;
  }
}
