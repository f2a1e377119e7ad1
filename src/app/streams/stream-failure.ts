// The failure of a stream for people: a problem in health, and an alert from its first failure until it runs again.
import type { Alert } from '../../core/alert.ts';
import { type KnownError, StoreError } from '../../core/errors.ts';
import { alertId, closeAlert } from '../../detection/alerts/alert-id.ts';
import { type ReminderOptions, Reminders } from '../../detection/alerts/reminders.ts';
import { daemonAlert } from '../alerts/daemon-alerts.ts';
import type { Watch } from './watch-context.ts';

export interface StreamFailure {
  /** The stream has failed `attempt` times in a row, and is tried again after a pause. */
  raise(error: KnownError, attempt: number, pauseMs: number): void;
  /** The stream runs, or is no longer configured. Cheap when nothing was raised. */
  clear(): void;
  /** The stream is not tried again: clears the problem; the alert stays open for the next start. */
  end(): void;
}

interface FailureOptions {
  /** When the open alert is sent again, with the next attempt that fails. */
  readonly remind: ReminderOptions;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

const NEVER: ReminderOptions = { remindAfterMs: 0, remindEveryMs: 0 };

/** Continues an alert that an earlier run left open. */
export function streamFailure(
  streamId: string,
  { dispatcher, onAlert }: Pick<Watch, 'dispatcher' | 'onAlert'>,
  { remind, now = Date.now }: FailureOptions = { remind: NEVER },
): StreamFailure {
  const { problems } = dispatcher.daemonControl;
  const key = `stream:${streamId}`;
  let alert = leftOpen(streamId, dispatcher);
  let due = alert && new Reminders(remind, alert.startMs, alert.timeMs);
  let raised = alert !== undefined;
  const emit = (state: Alert): void => {
    dispatcher.save(state);
    onAlert(state);
  };
  return {
    raise({ report }, attempt, pauseMs) {
      raised = true;
      const nowMs = now();
      const again = new Date(nowMs + pauseMs).toISOString();
      problems.raise(
        key,
        `stream '${streamId}' failed, attempt ${attempt}: ${report}: it is tried again at ${again}`,
      );
      if (!alert) {
        alert = failedAlert(streamId, nowMs);
        due = new Reminders(remind, nowMs, nowMs);
        emit(alert);
      } else if (due?.isDue(nowMs)) {
        emit({ ...alert, state: 'updated', timeMs: nowMs, reminder: true });
      }
    },
    clear() {
      if (!raised) return;
      raised = false;
      problems.clear(key);
      if (alert) emit(closeAlert({ ...alert, timeMs: Math.max(now(), alert.startMs) }));
      alert = undefined;
    },
    end: () => problems.clear(key),
  };
}

/** Closes the alerts of streams that had failed and were taken out of the configuration while no daemon ran. */
export function closeRemoved(
  streamIds: ReadonlySet<string>,
  context: Pick<Watch, 'dispatcher' | 'onAlert'>,
): void {
  for (const id of streamsWithAlerts(context.dispatcher)) {
    if (!streamIds.has(id)) streamFailure(id, context).clear();
  }
}

function streamsWithAlerts({ streamsWithAlerts: read }: Watch['dispatcher']): readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError) return []; // the history has a problem of its own then
    throw error;
  }
}

function leftOpen(streamId: string, dispatcher: Watch['dispatcher']): Alert | undefined {
  try {
    return dispatcher.openAlerts(streamId).findLast(({ kind }) => kind === 'stream_failed');
  } catch (error) {
    if (error instanceof StoreError) return undefined; // the store reports that itself
    throw error;
  }
}

function failedAlert(streamId: string, timeMs: number): Alert {
  const id = alertId('stream_failed', streamId, timeMs);
  return daemonAlert({ id, kind: 'stream_failed', streamId, severity: 'critical' }, timeMs);
}
