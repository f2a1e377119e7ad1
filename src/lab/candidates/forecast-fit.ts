import type { Score } from '../../core/detector.ts';
import type { Window } from '../../core/window.ts';

/**
 * How well a forecast told the rows that came, 1 / (1 + NMSE): 1 is exact, 1/2 is what the mean of each channel would
 * do. NMSE = sum of squared errors over sum of squared deviations, all channels together, in units of the scaler.
 */
export class ForecastFit {
  #errors = 0;
  #squares: Float64Array;
  #sums: Float64Array;
  #rows = 0;

  constructor(width: number) {
    this.#squares = new Float64Array(width);
    this.#sums = new Float64Array(width);
  }

  /** Takes the newest row of the window, and what the detector expected it to be. */
  note({ values, width }: Pick<Window, 'values' | 'width'>, { expected }: Score): void {
    if (!expected) throw new RangeError('this detector expects nothing of a row');
    const newest = values.length - width;
    for (let c = 0; c < width; c++) {
      const value = values[newest + c] as number;
      this.#errors += (value - (expected[c] as number)) ** 2;
      this.#squares[c] = (this.#squares[c] as number) + value ** 2;
      this.#sums[c] = (this.#sums[c] as number) + value;
    }
    this.#rows++;
  }

  /** 0 while nothing was noted, and where nothing moved but the forecast did. */
  value(): number {
    let deviations = 0;
    this.#squares.forEach((square, c) => {
      deviations += square - (this.#sums[c] as number) ** 2 / Math.max(1, this.#rows);
    });
    const total = this.#errors + deviations;
    return total > 0 ? deviations / total : Number(this.#rows > 0);
  }
}
