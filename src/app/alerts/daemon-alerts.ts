// Alerts about the daemon itself, faults of its history among them.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../../core/alert.ts';

/** The stream these alerts belong to; it has no channels and no scores. */
const STORAGE_STREAM = 'storage';

/** A disk that stays full has one alert an hour; the log says each time what it is. */
const AT_MOST_EVERY_MS = 3_600_000;

export interface StorageAlerts {
  raise(): void;
  /** What was raised before is emitted now. A store reports faults already while it opens. */
  begin(): void;
  /** What was raised is emitted now, and nothing any more: the history is about to be closed. */
  end(): void;
}

/** Each fault is opened and closed at once: it is an event without a known end. */
export function createStorageAlerts(emit: (alert: Alert) => void): StorageAlerts {
  let begun = false;
  let waiting = false;
  let raisedMs = Number.NEGATIVE_INFINITY;
  let later: NodeJS.Immediate | undefined;
  let ended = false;
  const send = (): void => {
    const opened = storageAlert(Date.now());
    emit(opened);
    emit({ ...opened, state: 'closed', endMs: opened.startMs });
    later = undefined;
  };
  return {
    raise() {
      const nowMs = performance.now();
      if (ended || nowMs - raisedMs < AT_MOST_EVERY_MS) return;
      raisedMs = nowMs;
      if (begun)
        later = setImmediate(send); // not from within the store that is telling us
      else waiting = true;
    },
    begin() {
      begun = true;
      if (waiting) send();
      waiting = false;
    },
    end() {
      ended = true;
      clearImmediate(later);
      if (later) send();
    },
  };
}

function storageAlert(timeMs: number): Alert {
  const about = { id: randomUUID(), kind: 'storage', streamId: STORAGE_STREAM } as const;
  return daemonAlert({ ...about, severity: 'warning' }, timeMs);
}

/** An alert about the daemon itself, just opened: no model has found it, so it has neither score nor channels. */
export function daemonAlert(
  about: Pick<Alert, 'id' | 'kind' | 'streamId' | 'severity'>,
  timeMs: number,
): Alert {
  return {
    ...about,
    state: 'opened',
    ...{ timeMs, startMs: timeMs, endMs: null },
    ...{ score: 1, peak: 1, level: 1 },
    ...{ channels: [], modelId: '', imputed: 0 },
  };
}
