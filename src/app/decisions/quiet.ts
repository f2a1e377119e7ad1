// Silences and maintenance windows: kept in the store, and looked up for every sample.
import type { Decisions, MaintenanceWindow, Weekday, WeeklyBegin } from '../../core/decisions.ts';

export interface Quiet {
  /** Whether the stream is silenced now or under maintenance at `timeMs`: alerts are not sent, and rows are not used for training. */
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
const MINUTES_A_DAY = 1440;

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

export interface QuietWatch {
  /** Checks at once instead of with the next second. */
  look(): void;
  close(): void;
}

/** How late the end of a silence may be noticed, milliseconds. */
const EVERY_MS = 1000;

/**
 * Calls `onChange` when a silence or a maintenance window has begun or ended, and once in the beginning. When that
 * throws, `onFault` is called and the next check tries again.
 */
export function watchQuiet(
  quiet: Quiet,
  streamIds: () => readonly string[],
  { onChange, onFault }: { onChange(): void; onFault(error: Error): void },
): QuietWatch {
  let seen: string | undefined;
  const look = (): void => {
    const found = streamIds()
      .map((id) => `${id} ${quiet.silencedUntilMs(id)} ${quiet.maintenance(id)}`)
      .join('\n');
    if (found === seen) return;
    try {
      onChange();
      seen = found;
    } catch (error) {
      onFault(error as Error);
    }
  };
  const timer = setInterval(look, EVERY_MS).unref();
  return { look, close: () => clearInterval(timer) };
}

/** In the order of `Date.getDay`. */
export const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Begin is part of it, end is not. */
export function isOpen({ begin, minutes }: MaintenanceWindow, timeMs: number): boolean {
  const begins = 'atMs' in begin ? [begin.atMs] : weeklyBegins(begin, minutes, timeMs);
  return begins.some((beginMs) => beginMs <= timeMs && timeMs < beginMs + minutes * MINUTE_MS);
}

/** Whether a window will never open again. */
export function isOver({ begin, minutes }: MaintenanceWindow, timeMs: number): boolean {
  return 'atMs' in begin && timeMs >= begin.atMs + minutes * MINUTE_MS;
}

/**
 * The begins that a window open at `timeMs` can have. A time that the change to summer time leaves out is an hour later
 * that day, and of one that the change back repeats the first counts.
 */
function weeklyBegins({ weekdays, time }: WeeklyBegin, minutes: number, timeMs: number): number[] {
  const now = new Date(timeMs);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const days = Math.ceil(minutes / MINUTES_A_DAY);
  const dates = Array.from(
    { length: days + 1 },
    (_, back) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back, hour, minute),
  );
  return dates
    .filter((date) => weekdays.some((weekday) => weekday === WEEKDAYS[date.getDay()]))
    .map((date) => date.getTime());
}
