// Events for listeners: everything when they connect, then each change.
import type { ServerResponse } from 'node:http';
import type { Control } from '../../../core/control.ts';
import { KnownError } from '../../../core/errors.ts';
import type { Store } from '../../../core/store.ts';
import type { Dispatcher } from '../../alerts/dispatcher.ts';
import type { FleetWatch } from '../../fleet/watch-fleet.ts';
import { beginEvents } from '../http.ts';
import { alertView, createRecentAlerts } from '../view/alerts.ts';
import type { ChannelRows } from '../view/channel-rows.ts';
import { daemonView } from '../view/daemon-view.ts';
import { createRecentScores } from '../view/scores.ts';

export interface Live {
  /** false = there are too many listeners already. */
  add(response: ServerResponse, allowed: () => boolean): boolean;
  /** What people decided has changed. */
  refresh(): void;
  /** One line that is shown on the page. */
  notice(text: string, failed: boolean): void;
  close(): void;
}

interface LiveParts {
  readonly control: Pick<Control, 'info' | 'health' | 'standing'>;
  readonly history: Pick<Store, 'alerts' | 'openAlerts'>;
  readonly isNormal: (alertId: string) => boolean;
  readonly follow: Dispatcher['follow'];
  readonly rows: Pick<ChannelRows, 'note'>;
  /** All devices on the broker; undefined where these are not watched. */
  readonly fleet: Pick<FleetWatch, 'devices' | 'fault'> | undefined;
}

const SCORES_MS = 1000;
const VIEW_MS = 5000;

export function createLive(parts: LiveParts): Live {
  const listeners = createListeners();
  const scores = createRecentScores();
  const alerts = createRecentAlerts(parts.history, Date.now);
  const listed = () => alerts.list(parts.control.info().streams.map(({ id }) => id));
  const tellView = (only?: ServerResponse): void => {
    tellOrSayWhy(listeners, only, () => {
      listeners.tell('daemon', daemonView(parts.control, parts.fleet?.fault()), only);
      if (parts.fleet) listeners.tell('fleet', parts.fleet.devices(), only);
      listeners.tell('marks', marksOf(listed(), parts), only);
    });
  };
  const refresh = (): void => {
    if (listeners.count > 0) tellView();
  };
  const unfollow = parts.follow({
    alert(alert) {
      alerts.note(alert);
      listeners.tell('alert', alertView(alert));
    },
    report: scores.note,
    row: parts.rows.note,
    changed: refresh,
  });
  const timers = [
    setInterval(refresh, VIEW_MS),
    setInterval(() => {
      const fresh = scores.fresh();
      if (Object.keys(fresh).length > 0) listeners.tell('scores', fresh);
    }, SCORES_MS),
  ];
  for (const timer of timers) timer.unref();
  return {
    add(response, allowed) {
      if (!listeners.add(response, allowed)) return false;
      listeners.tell('recent', scores.all(), response);
      tellOrSayWhy(listeners, response, () =>
        listeners.tell('alerts', listed().map(alertView), response),
      );
      tellView(response);
      return true;
    },
    refresh,
    notice: (text, failed) => listeners.tell('notice', { text, failed }),
    close() {
      unfollow();
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** An unreadable history is reported as a problem; scores and alerts are still sent. */
function tellOrSayWhy(
  listeners: Listeners,
  only: ServerResponse | undefined,
  tell: () => void,
): void {
  try {
    tell();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    listeners.tell('notice', { text: error.message, failed: true }, only);
  }
}

/** Ids of shown alerts that were acknowledged, and of those that were marked as normal. */
function marksOf(
  shown: readonly { readonly id: string; readonly streamId: string }[],
  { control, isNormal }: LiveParts,
) {
  const known = new Map<string, ReadonlySet<string>>();
  const acknowledged = (streamId: string): ReadonlySet<string> => {
    const ids = known.get(streamId) ?? new Set(control.standing(streamId).acknowledged);
    known.set(streamId, ids);
    return ids;
  };
  return {
    acknowledged: shown.filter(({ id, streamId }) => acknowledged(streamId).has(id)).map(idOf),
    normal: shown.filter(({ id }) => isNormal(id)).map(idOf),
  };
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

interface Listeners {
  /** false = there are too many already. `allowed` is asked before each event. */
  add(response: ServerResponse, allowed: () => boolean): boolean;
  readonly count: number;
  /** To one of them, or to all. */
  tell(event: string, data: unknown, only?: ServerResponse): void;
}

const MOST_LISTENERS = 16;
/** Of events that a browser has not taken; one that sleeps reconnects when it wakes up, and gets everything again. */
const MOST_BYTES = 1 << 20;

function createListeners(): Listeners {
  const listeners = new Map<ServerResponse, () => boolean>();
  const write = (response: ServerResponse, text: string): void => {
    const allowed = listeners.get(response);
    if (!allowed) return;
    if (allowed() && response.writableLength < MOST_BYTES) response.write(text);
    else response.destroy();
  };
  return {
    add(response, allowed) {
      if (listeners.size >= MOST_LISTENERS) return false;
      listeners.set(response, allowed);
      response.once('close', () => listeners.delete(response));
      response.on('error', () => undefined); // the browser closed the connection
      beginEvents(response);
      return true;
    },
    get count() {
      return listeners.size;
    },
    tell(event, data, only) {
      if (listeners.size === 0) return;
      const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const response of only ? [only] : listeners.keys()) write(response, text);
    },
  };
}
