// Runs declustering: neighbouring values above a level belong to one event, and only its greatest is a peak.

/**
 * A cluster begins with a value above the level and ends after `runLength` consecutive values that are not; its greatest
 * value is its peak. The fit of the tail assumes independent peaks, and neighbouring values are not. A slow rise towards an
 * anomaly would also raise the level in advance. A cluster with an alarm has no peak.
 * Coles 2001, "An introduction to statistical modeling of extreme values", section 5.3.2.
 */
export class Clusters {
  readonly #runLength: number;
  #greatest = Number.NEGATIVE_INFINITY;
  #quiet = 0;
  #open = false;
  #spoilt = false;

  /** With `runLength` 0 every value above the level is a peak. */
  constructor(runLength: number) {
    this.#runLength = runLength;
  }

  /** Takes the next value; returns the peak of the cluster that ended with it. */
  push(value: number, level: number): number | undefined {
    if (value > level) {
      this.#open = true;
      this.#quiet = 0;
      this.#greatest = Math.max(this.#greatest, value);
      return this.#runLength === 0 ? this.end() : undefined;
    }
    if (!this.#open) return undefined;
    this.#quiet++;
    return this.#quiet < this.#runLength ? undefined : this.end();
  }

  /** Call it for an alarm: the values around it are not used as normal ones either. */
  spoil(): void {
    this.#open = true;
    this.#spoilt = true;
    this.#quiet = 0;
  }

  /** Ends the cluster, if one is open, and returns its peak. */
  end(): number | undefined {
    const peak = this.#open && !this.#spoilt ? this.#greatest : undefined;
    this.#open = false;
    this.#spoilt = false;
    this.#greatest = Number.NEGATIVE_INFINITY;
    return peak;
  }
}

/** Peaks of the clusters in `values`, (N,) in time order. */
export function clusterPeaks(values: Float64Array, level: number, runLength: number): number[] {
  const clusters = new Clusters(runLength);
  const peaks: number[] = [];
  for (const value of values) {
    const peak = clusters.push(value, level);
    if (peak !== undefined) peaks.push(peak);
  }
  const last = clusters.end();
  if (last !== undefined) peaks.push(last);
  return peaks;
}
