// Warns about a wrong clock: a Raspberry Pi has no battery, and starts with the time at which it stopped.
import { existsSync } from 'node:fs';
import type { Log } from '../log.ts';

export interface Clocks {
  /** Unix milliseconds. */
  readonly wallMs: () => number;
  /** Milliseconds on a clock that is never set. */
  readonly monotonicMs: () => number;
  /** undefined = unknown. */
  readonly synchronised: () => boolean | undefined;
}

const EVERY_MS = 10_000;
/** Smaller steps are corrections that a network clock makes now and then. */
const JUMP_MS = 2000;

const theseClocks: Clocks = {
  wallMs: Date.now,
  monotonicMs: () => performance.now(),
  synchronised: timesyncd,
};

export interface ClockWatch {
  /** Whether the clock is synchronised, as far as anybody here knows. */
  isSet(): boolean;
  close(): void;
}

/** Looks at the clocks until `close`. */
export function watchClock(log: Log, clocks: Clocks = theseClocks): ClockWatch {
  const look = createClockJudge(log, clocks);
  let set = look();
  const timer = setInterval(() => {
    set = look();
  }, EVERY_MS).unref();
  return { isSet: () => set, close: () => clearInterval(timer) };
}

/** Each call logs what has changed since the last, and returns whether the clock is set. */
export function createClockJudge(log: Log, clocks: Clocks): () => boolean {
  const offset = (): number => clocks.wallMs() - clocks.monotonicMs();
  let lastOffsetMs = offset();
  let waiting = false;
  return () => {
    const offsetMs = offset();
    const jumpMs = offsetMs - lastOffsetMs;
    lastOffsetMs = offsetMs;
    if (Math.abs(jumpMs) > JUMP_MS) {
      log.warn({ jumpS: Math.round(jumpMs / 1000) }, 'the clock was set: windows start again');
    }
    const unset = clocks.synchronised() === false;
    if (unset === waiting) return !unset;
    waiting = unset;
    if (unset) log.warn('the clock is not synchronised yet: times in alerts may be wrong');
    else log.info('the clock is synchronised: times in alerts are right from now on');
    return !unset;
  };
}

/** What systemd-timesyncd says; others keep it to themselves. */
export function timesyncd(run = '/run/systemd'): boolean | undefined {
  if (existsSync(`${run}/timesync/synchronized`)) return true;
  return existsSync(`${run}/timesync`) ? false : undefined;
}
