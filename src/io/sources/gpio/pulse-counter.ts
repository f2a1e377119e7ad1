// Edges of one line, counted per step. All times are those of the monotonic clock.
import type { Level } from './edge-reader.ts';

/** The pulses of one step of the grid. */
export interface Pulses {
  /** Times the line became active. */
  readonly count: number;
  /** Pulses per second, from the time between the pulses: finer than the count when there are few. */
  readonly rate: number;
  /** Share of the step in which the line was active, 0 to 1. */
  readonly duty: number;
  /** Mean length of the pulses that ended, milliseconds; 0 when none did. */
  readonly width: number;
  /** At the end of the step. */
  readonly level: Level;
}

interface Arrival {
  readonly rising: boolean;
  readonly atMs: number;
}

interface Step {
  readonly startMs: number;
  /** Last rise of an earlier step; NaN when there was none. */
  readonly beforeMs: number;
  activeMs: number;
  count: number;
  firstRiseMs: number;
  ended: number;
  widthMs: number;
}

/** Most edges to keep for later steps; there are more only while no steps are taken, e.g. during a training. */
const MOST_WAITING = 10_000;

/** Counts the pulses of one line from `startMs` on. */
export class PulseCounter {
  private waiting: Arrival[] = [];
  private sinceMs: number;
  private riseMs = Number.NaN;
  private rate = 0;
  private level: Level;
  private current: Step;

  constructor(level: Level, startMs: number) {
    this.level = level;
    this.sinceMs = startMs;
    this.current = newStep(startMs, Number.NaN);
  }

  /** In the order of arrival. An edge counts in the step of its time, a late edge in the next step. */
  edge(rising: boolean, atMs: number): void {
    this.waiting.push({ rising, atMs });
    if (this.waiting.length > MOST_WAITING) this.passAll(this.waiting.splice(0));
  }

  /** Ends a step. The next one begins at `endMs`. */
  step(endMs: number): Pulses {
    const due = this.waiting.filter(({ atMs }) => atMs <= endMs);
    this.waiting = this.waiting.filter(({ atMs }) => atMs > endMs);
    this.passAll(due);
    const { current: step } = this;
    this.advance(endMs, step);
    this.rate = this.rateOf(step, endMs);
    this.current = newStep(this.sinceMs, this.riseMs);
    return {
      count: step.count,
      rate: this.rate,
      duty: endMs > step.startMs ? step.activeMs / (endMs - step.startMs) : Number.NaN,
      width: step.ended === 0 ? 0 : step.widthMs / step.ended,
      level: this.level,
    };
  }

  private passAll(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) this.pass(arrival, this.current);
  }

  private pass({ rising, atMs }: Arrival, step: Step): void {
    this.advance(atMs, step);
    if (rising) {
      step.count += 1;
      if (step.count === 1) step.firstRiseMs = atMs;
      this.riseMs = atMs;
    } else if (this.level === 1 && !Number.isNaN(this.riseMs)) {
      step.ended += 1;
      step.widthMs += atMs - this.riseMs;
    }
    this.level = rising ? 1 : 0;
  }

  /** A late edge is before the step that it counts in, and takes no time of it. */
  private advance(toMs: number, step: Step): void {
    const elapsedMs = Math.max(0, toMs - this.sinceMs);
    if (this.level === 1) step.activeMs += elapsedMs;
    this.sinceMs += elapsedMs;
  }

  /**
   * Over the pulses of the step and the one before them, unless the line was silent for longer than a step in between.
   * Without a pulse the rate is at most one per time since the last pulse, so that it decreases gradually.
   */
  private rateOf({ startMs, count, firstRiseMs, beforeMs: before }: Step, endMs: number): number {
    if (count === 0) {
      return Number.isNaN(before) ? 0 : Math.min(this.rate, perSecond(1, endMs - before));
    }
    const resumed = !(firstRiseMs - before <= endMs - startMs);
    if (!resumed) return perSecond(count, this.riseMs - before);
    if (count > 1) return perSecond(count - 1, this.riseMs - firstRiseMs);
    return perSecond(1, Number.isNaN(before) ? endMs - startMs : firstRiseMs - before);
  }
}

function newStep(startMs: number, beforeMs: number): Step {
  return {
    startMs,
    beforeMs,
    activeMs: 0,
    count: 0,
    firstRiseMs: Number.NaN,
    ended: 0,
    widthMs: 0,
  };
}

function perSecond(count: number, durationMs: number): number {
  return durationMs > 0 ? (1000 * count) / durationMs : 0;
}
