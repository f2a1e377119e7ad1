// Alert states that could not be saved. They are sent anyway, and saved as soon as the disk accepts them: else the
// history would lack them, and one that is not sent yet would be lost with the process.
import type { Alert } from '../../core/alert.ts';
import { StoreError } from '../../core/errors.ts';
import type { Store } from '../../core/store.ts';
import type { OutboxPump } from '../../io/store/outbox.ts';
import type { Problems } from '../status/problems.ts';

export interface UnsavedAlerts {
  add(alert: Alert, reason: StoreError): void;
  /** Saves waiting states, oldest first, until the disk refuses one. */
  save(): void;
  /** Replaces `former` by another pump, which sends what that has not. */
  sendInsteadOf(former: Pick<OutboxPump, 'sinksWithout'>): void;
  close(): void;
}

export interface UnsavedAlertsParts {
  readonly store: Pick<Store, 'addAlert' | 'alerts' | 'unsaved'>;
  /** That of the moment. */
  readonly pump: () => Pick<OutboxPump, 'saveLate' | 'sendUnsaved'>;
  readonly problems: Problems;
}

const RETRY_MS = 10_000;
/** Most states to keep; the oldest are dropped and missing in the history. */
const MOST = 1000;

const PROBLEM = 'alerts-unsaved';

/** Has a problem in health while any waits. */
export function createUnsavedAlerts({ store, pump, problems }: UnsavedAlertsParts): UnsavedAlerts {
  const { unsaved: waiting } = store;
  const write = (alert: Alert): void =>
    pump().saveLate(alert, (sinkIds) => {
      if (!isSaved(store, alert)) store.addAlert(alert, sinkIds);
    });
  const save = (): void => {
    if (waiting.length === 0) return;
    for (let alert = waiting.shift(); alert; alert = waiting.shift()) {
      try {
        write(alert); // taken from the list before: `isSaved` would find it there
      } catch (error) {
        waiting.unshift(alert);
        if (!(error instanceof StoreError)) throw error;
        return;
      }
    }
    problems.clear(PROBLEM);
  };
  const timer = setInterval(save, RETRY_MS).unref();
  return {
    add(alert, { message }) {
      waiting.push(alert);
      if (waiting.length > MOST) waiting.shift();
      problems.raise(PROBLEM, `alerts are sent but cannot be saved: ${message}`);
    },
    save,
    sendInsteadOf(former) {
      for (const alert of waiting) pump().sendUnsaved(alert, former.sinksWithout(alert));
    },
    close() {
      clearInterval(timer);
      save();
    },
  };
}

/** Whether this very state is in the history. */
export function isSaved(
  store: Pick<Store, 'alerts'>,
  { id, streamId, state, timeMs }: Alert,
): boolean {
  return store
    .alerts(streamId, timeMs, timeMs)
    .some((saved) => saved.id === id && saved.state === state);
}
