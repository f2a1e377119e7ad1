// The failure of a stream for people: a problem in health, and an alert from its first failure until it runs again.
import type { Alert } from '../../core/alert.ts';
import { type KnownError, StoreError } from '../../core/errors.ts';
import { alertId, closeAlert } from '../../detection/alerts/alert-id.ts';
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

/** Continues an alert that an earlier run left open. */
export function streamFailure(
  streamId: string,
  { dispatcher, onAlert }: Pick<Watch, 'dispatcher' | 'onAlert'>,
): StreamFailure {
  const { problems } = dispatcher.daemonControl;
  const key = `stream:${streamId}`;
  let alert = leftOpen(streamId, dispatcher);
  let raised = alert !== undefined;
  const emit = (state: Alert): void => {
    dispatcher.save(state);
    onAlert(state);
  };
  return {
    raise({ report }, attempt, pauseMs) {
      raised = true;
      const nowMs = Date.now();
      const again = new Date(nowMs + pauseMs).toISOString();
      problems.raise(
        key,
        `stream '${streamId}' failed, attempt ${attempt}: ${report}: it is tried again at ${again}`,
      );
      if (alert) return;
      alert = failedAlert(streamId, nowMs);
      emit(alert);
    },
    clear() {
      if (!raised) return;
      raised = false;
      problems.clear(key);
      if (alert) emit(closeAlert({ ...alert, timeMs: Math.max(Date.now(), alert.startMs) }));
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
