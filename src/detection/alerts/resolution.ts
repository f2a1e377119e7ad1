// The smallest change that a channel can show: the step of its sensor, or of the number that its source writes. A detector that
// predicts normal rows almost exactly gives even such a change a high score.

/** Differences below this share of the readings are rounding errors of floating point. */
const ROUNDING = 1e-9;
/**
 * Of a constant channel the step is unknown, and a unit of the last decimal stands in for it. It may be an event where the
 * value is small, as one of two discs is, so it is at most this share of the value: the scaler's unit of such a channel.
 */
const CONSTANT_SHARE = 0.01;
const MOST_DECIMALS = 9;
/** The least of fewer changes says nothing: a channel that rests may jump by many steps each time. */
const LEAST_CHANGES = 20;

/** Least difference between successive readings of each channel. */
export class Steps {
  /** (C,) */
  readonly #steps: Float64Array;
  /** (C,) how often successive readings have differed. */
  readonly #changes: Float64Array;
  readonly #latest: Float64Array;

  constructor(channels: number) {
    this.#steps = new Float64Array(channels).fill(Number.POSITIVE_INFINITY);
    this.#changes = new Float64Array(channels);
    this.#latest = new Float64Array(channels).fill(Number.NaN);
  }

  take(c: number, value: number): void {
    const step = stepBetween(this.#latest[c] as number, value);
    this.#latest[c] = value;
    if (step === Number.POSITIVE_INFINITY) return;
    this.#steps[c] = Math.min(this.#steps[c] as number, step);
    this.#changes[c] = (this.#changes[c] as number) + 1;
  }

  /** `step` is what `of` returned. */
  restore(c: number, step: number | undefined): void {
    if (step === undefined) return;
    this.#steps[c] = step;
    this.#changes[c] = LEAST_CHANGES;
  }

  /** undefined = its readings have differed too rarely to tell. */
  of(c: number): number | undefined {
    return (this.#changes[c] as number) >= LEAST_CHANGES ? this.#steps[c] : undefined;
  }
}

/** undefined = they differ too rarely to tell. */
export function leastStep(readings: readonly number[]): number | undefined {
  const steps = new Steps(1);
  for (const value of readings) steps.take(0, value);
  return steps.of(0);
}

/** Of a channel that always has this value: .1 of 1013.2, 1 of 230, .01 of 1; 0 of 0, for which any change is an event. */
export function constantResolution(value: number): number {
  return Math.min(lastDecimalOf(value), CONSTANT_SHARE * Math.abs(value));
}

/** Infinity where they do not differ, or one is NaN. */
function stepBetween(before: number, value: number): number {
  const step = Math.abs(value - before);
  const rounding = ROUNDING * Math.max(Math.abs(value), Math.abs(before));
  return step > rounding ? step : Number.POSITIVE_INFINITY;
}

function lastDecimalOf(value: number): number {
  for (let decimals = 0; decimals < MOST_DECIMALS; decimals += 1) {
    const shifted = value * 10 ** decimals;
    if (Math.abs(shifted - Math.round(shifted)) <= ROUNDING * Math.abs(shifted))
      return 10 ** -decimals;
  }
  return 10 ** -MOST_DECIMALS;
}
