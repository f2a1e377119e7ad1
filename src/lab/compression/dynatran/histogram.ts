// How large numbers are, in bins of equal width on a logarithmic scale: one pass gives the share that any threshold drops.

const BINS = 512;
/** Sizes below the first bin count as 0, those above the last as its upper edge. */
const [LEAST_EXPONENT, MOST_EXPONENT] = [-40, 24];
/** Of two neighbouring bins, log2. */
const STEP = (MOST_EXPONENT - LEAST_EXPONENT) / (BINS - 1);

export class SizeHistogram {
  /** Bin 0 holds what is as good as 0. */
  readonly #counts = new Float64Array(BINS);
  readonly #energies = new Float64Array(BINS);
  #count = 0;
  #energy = 0;

  /** `energy` is what a threshold above `size` loses, by default its square. */
  add(size: number, energy = size * size): void {
    const bin = binOf(size);
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#energies[bin] = (this.#energies[bin] as number) + energy;
    this.#count += 1;
    this.#energy += energy;
  }

  /** Share of the numbers that a threshold drops, 0 to 1; grows with the threshold. */
  shareBelow(threshold: number): number {
    return this.#count === 0 ? 0 : below(this.#counts, threshold) / this.#count;
  }

  /** Share of the energy that a threshold drops, 0 to 1. */
  energyBelow(threshold: number): number {
    return this.#energy === 0 ? 0 : below(this.#energies, threshold) / this.#energy;
  }

  /** Threshold that drops this share, as near as the bins tell. */
  quantile(share: number): number {
    let left = share * this.#count;
    for (let bin = 0; bin < BINS; bin++) {
      const count = this.#counts[bin] as number;
      if (count > 0 && left <= count) return bin === 0 ? 0 : sizeAt(bin - 1 + left / count);
      left -= count;
    }
    return sizeAt(BINS - 1);
  }
}

function binOf(size: number): number {
  const place = Math.ceil((Math.log2(size) - LEAST_EXPONENT) / STEP);
  return place > 0 ? Math.min(BINS - 1, place) : 0;
}

/** Bin b reaches from sizeAt(b - 1) to sizeAt(b). */
function sizeAt(place: number): number {
  return 2 ** (LEAST_EXPONENT + STEP * place);
}

/** The sum of the bins below a threshold; within its bin the numbers are taken to be spread evenly. */
function below(bins: Float64Array, threshold: number): number {
  if (threshold < 0) return 0;
  const place = Math.max(0, (Math.log2(threshold) - LEAST_EXPONENT) / STEP);
  const whole = Math.min(BINS - 1, Math.floor(place));
  let sum = 0;
  for (let bin = 0; bin <= whole; bin++) sum += bins[bin] as number;
  return sum + (place - whole) * (bins[whole + 1] ?? 0);
}
