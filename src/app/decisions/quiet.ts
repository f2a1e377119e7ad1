// Silences and maintenance windows: kept in the store, and at hand for every sample.
import type { Decisions, MaintenanceWindow } from '../../core/decisions.ts';
import { isOpen, isOver } from './maintenance.ts';

export interface Quiet {
  /** Silenced now, or measured under maintenance at `timeMs`: alerts are kept back, and it is no example of normal. */
  holds(streamId: string, timeMs: number): boolean;
  /** null = not silenced. */
  silencedUntilMs(streamId: string): number | null;
  /** Id of a window that is open now. */
  maintenance(streamId: string): string | null;
  /** 0 minutes end a silence. */
  silence(streamId: string, minutes: number): void;
  /** Takes the place of a window with the same id. */
  addWindow(window: MaintenanceWindow): void;
  removeWindow(id: string): boolean;
  /** Those that are or will be open. */
  windows(): readonly MaintenanceWindow[];
}

const MINUTE_MS = 60_000;

/** `now` is the wall clock: that is what people mean by an hour, and by half past two. */
export function createQuiet(decisions: Decisions, now: () => number = Date.now): Quiet {
  const silences = new Map(
    decisions.list('silence').map(({ streamId, untilMs }) => [streamId, untilMs]),
  );
  const windows = new Map(decisions.list('maintenance').map((window) => [window.id, window]));
  const openWindow = (streamId: string, timeMs: number): MaintenanceWindow | undefined => {
    for (const window of windows.values()) {
      const concerned = window.streamId === undefined || window.streamId === streamId;
      if (concerned && isOpen(window, timeMs)) return window;
    }
    return undefined;
  };
  const silencedUntilMs = (streamId: string): number | null => {
    const untilMs = silences.get(streamId) ?? 0;
    return untilMs > now() ? untilMs : null;
  };
  const removeWindow = (id: string): boolean => {
    windows.delete(id);
    return decisions.remove('maintenance', id);
  };
  return {
    holds: (streamId, timeMs) =>
      silencedUntilMs(streamId) !== null || openWindow(streamId, timeMs) !== undefined,
    silencedUntilMs,
    maintenance: (streamId) => openWindow(streamId, now())?.id ?? null,
    silence(streamId, minutes) {
      const untilMs = now() + minutes * MINUTE_MS;
      if (minutes > 0) decisions.put('silence', streamId, { streamId, untilMs });
      else decisions.remove('silence', streamId);
      silences.set(streamId, minutes > 0 ? untilMs : 0);
    },
    addWindow(window) {
      decisions.put('maintenance', window.id, window);
      windows.set(window.id, window);
    },
    removeWindow,
    windows() {
      for (const window of [...windows.values()]) {
        if (isOver(window, now())) removeWindow(window.id);
      }
      return [...windows.values()];
    },
  };
}
