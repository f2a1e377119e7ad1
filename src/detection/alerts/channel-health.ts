// Ages of the channels of a stream: time without a reading, and time without a change. Hot: no allocation per sample.
//
// Notation   C channels; all arrays (C,). Times in ms.
import type { Channel, Sample } from '../../core/sample.ts';
import type { HealthOptions } from './health-options.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Changes after which a channel counts as one that changes. */
const MIN_CHANGES = 10;

/** A channel is stuck if its rest exceeds its longest rest so far by this factor: some channels rest for a night. */
const LONGEST_RESTS = 3;

/**
 * A single step between samples counts for at most half of a limit, so that a clock jump or an outage of the whole stream
 * does not count against single channels.
 */
export class ChannelHealth {
  readonly maxAgeMs: Float64Array;
  readonly stuckAfterMs: Float64Array;
  readonly silentMs: Float64Array;
  /** Time that the value has been unchanged, while it was read. */
  readonly unchangedMs: Float64Array;
  /** Last reading in channel units; NaN = no reading yet. */
  readonly value: Float64Array;
  /** Time of the last reading; time of the first sample if there is no reading. */
  readonly readMs: Float64Array;
  /** Time of the last change. */
  readonly changedMs: Float64Array;
  readonly #longestRestMs: Float64Array;
  readonly #changes: Float64Array;
  #lastMs = Number.NaN;

  constructor(options: HealthOptions, channels: readonly Channel[]) {
    const limits = channels.map(({ id }) => ({ ...options, ...given(options.channels[id]) }));
    const zeros = () => new Float64Array(channels.length);
    this.maxAgeMs = Float64Array.from(limits, ({ maxAgeMs }) => maxAgeMs || NEVER);
    this.stuckAfterMs = Float64Array.from(limits, ({ stuckAfterMs }) => stuckAfterMs || NEVER);
    this.silentMs = zeros();
    this.unchangedMs = zeros();
    this.value = zeros().fill(Number.NaN);
    this.readMs = zeros();
    this.changedMs = zeros();
    this.#longestRestMs = zeros();
    this.#changes = zeros();
  }

  take({ timeMs, values }: Sample): void {
    if (Number.isNaN(this.#lastMs)) {
      this.readMs.fill(timeMs);
      this.changedMs.fill(timeMs);
    }
    const stepMs = Math.max(0, timeMs - this.#lastMs) || 0;
    this.#lastMs = timeMs;
    for (let c = 0; c < values.length; c++) {
      const value = values[c] as number;
      const stepOfLimitMs = Math.min(stepMs, (this.maxAgeMs[c] as number) / 2);
      this.silentMs[c] = (this.silentMs[c] as number) + stepOfLimitMs;
      if (Number.isFinite(value)) this.#read(c, value, timeMs);
    }
  }

  isMissing(c: number): boolean {
    return (this.silentMs[c] as number) > (this.maxAgeMs[c] as number);
  }

  /** A constant 0 is normal for rates, and not a sign of a broken sensor. */
  isStuck(c: number): boolean {
    const limitMs = Math.max(
      this.stuckAfterMs[c] as number,
      LONGEST_RESTS * (this.#longestRestMs[c] as number),
    );
    const moves = (this.#changes[c] as number) >= MIN_CHANGES && this.value[c] !== 0;
    return moves && !this.isMissing(c) && (this.unchangedMs[c] as number) > limitMs;
  }

  /** A channel that an earlier run reported as missing stays missing until its next reading. */
  presumeMissing(c: number): void {
    this.silentMs[c] = 2 * (this.maxAgeMs[c] as number);
  }

  /** A channel that an earlier run reported as stuck stays stuck until its value changes. */
  presumeStuck(c: number, value: number): void {
    this.value[c] = value;
    this.unchangedMs[c] = 2 * (this.stuckAfterMs[c] as number);
    this.#changes[c] = MIN_CHANGES;
  }

  #read(c: number, value: number, timeMs: number): void {
    const before = this.value[c] as number;
    if (value === before) {
      const restMs = Math.min(this.silentMs[c] as number, (this.stuckAfterMs[c] as number) / 2);
      this.unchangedMs[c] = (this.unchangedMs[c] as number) + restMs;
    } else {
      if (!Number.isNaN(before)) this.#changed(c);
      this.value[c] = value;
      this.changedMs[c] = timeMs;
      this.unchangedMs[c] = 0;
    }
    this.silentMs[c] = 0;
    this.readMs[c] = timeMs;
  }

  #changed(c: number): void {
    const restMs = Math.max(this.#longestRestMs[c] as number, this.unchangedMs[c] as number);
    this.#longestRestMs[c] = restMs;
    this.#changes[c] = (this.#changes[c] as number) + 1;
  }
}

/** Overrides without undefined values, which would hide the stream's own limit. */
function given<T extends object>(overrides: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>; // fromEntries loses the type of the keys
}
