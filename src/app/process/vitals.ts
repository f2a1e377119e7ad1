// How the process itself is doing: its memory, and how long the event loop was kept from turning.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import type { Log } from '../log.ts';

export const vitalsOptions = z.strictObject({
  maxRssMb: z
    .number()
    .positive()
    .default(192)
    .describe('memory of the daemon above which a warning is logged')
    .meta({ unit: 'MB' }),
  maxLagMs: z
    .number()
    .positive()
    .default(2000)
    .describe('delay of the event loop above which a warning is logged')
    .meta({ unit: 'ms' }),
});

export type VitalsOptions = z.infer<typeof vitalsOptions>;

export interface Reading {
  readonly rssBytes: number;
  /** Longest delay of the event loop in the last minute, milliseconds. */
  readonly eventLoopLagMs: number;
}

export interface Vitals {
  read(): Reading;
  close(): void;
}

const MINUTE_MS = 60_000;
/** How often the delay is sampled; a shorter one would wake a sleeping processor for nothing. */
const SAMPLE_MS = 100;

/** Measures until `close`, and logs once when a limit is exceeded and once when it is kept again. */
export function startVitals(limits: VitalsOptions, log: Log): Vitals {
  const delay = monitorEventLoopDelay({ resolution: SAMPLE_MS });
  delay.enable();
  let lastMinuteMs = 0;
  const read = (): Reading => ({
    rssBytes: process.memoryUsage.rss(),
    eventLoopLagMs: Math.max(lastMinuteMs, lagMs(delay.max)),
  });
  const judge = createJudge(limits, log);
  const timer = setInterval(() => {
    judge(read());
    lastMinuteMs = lagMs(delay.max);
    delay.reset();
  }, MINUTE_MS).unref();
  return {
    read,
    close() {
      clearInterval(timer);
      delay.disable();
    },
  };
}

/** The histogram counts the sampling period in. */
function lagMs(maxNs: number): number {
  return Math.max(0, maxNs / 1e6 - SAMPLE_MS);
}

/** Says what has changed since the last reading. */
export function createJudge(limits: VitalsOptions, log: Log): (reading: Reading) => void {
  let large = false;
  let slow = false;
  return ({ rssBytes, eventLoopLagMs }) => {
    const rssMb = Math.round(rssBytes / 1e6);
    const lag = Math.round(eventLoopLagMs);
    if (rssMb > limits.maxRssMb !== large) {
      large = !large;
      if (large) log.warn({ rssMb, limit: limits.maxRssMb }, 'the daemon exceeds its memory limit');
      else log.info({ rssMb }, 'the daemon is within its memory limit again');
    }
    if (lag > limits.maxLagMs !== slow) {
      slow = !slow;
      if (slow) log.warn({ lagMs: lag, limit: limits.maxLagMs }, 'the event loop is delayed');
      else log.info({ lagMs: lag }, 'the event loop is on time again');
    }
  };
}
