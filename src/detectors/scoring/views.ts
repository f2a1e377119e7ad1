// How the distance between a window and its optimised form is read: by the newest row, or by the recent ones.
// Hot: index arithmetic and reused buffers.
//
// Notation   T rows, C channels, V views

export class RowViews {
  /** (V, C) row-major: mean squared distance of each channel as each view weighs the rows. Valid until the next read. */
  readonly perView: Float64Array;
  readonly #width: number;
  /** (V, T) weights of the rows, each view's add to 1. */
  readonly #weights: readonly Float64Array[];

  /** One half-life a view, rows; 0 is the newest row alone. */
  constructor(length: number, width: number, halfLives: readonly number[]) {
    this.#width = width;
    this.#weights = halfLives.map((halfLife) => rowWeights(length, halfLife));
    this.perView = new Float64Array(halfLives.length * width);
  }

  /** x observed, z optimised, both (T, C) row-major. */
  read(x: Float32Array, z: Float32Array): void {
    this.perView.fill(0);
    for (let v = 0; v < this.#weights.length; v += 1) this.#readOne(v, x, z);
  }

  #readOne(v: number, x: Float32Array, z: Float32Array): void {
    const weights = this.#weights[v] as Float64Array;
    const width = this.#width;
    const at = v * width;
    for (let t = 0; t < weights.length; t += 1) {
      const weight = weights[t] as number;
      if (weight === 0) continue;
      for (let c = 0; c < width; c += 1) {
        const d = (x[t * width + c] as number) - (z[t * width + c] as number);
        this.perView[at + c] = (this.perView[at + c] as number) + weight * d * d;
      }
    }
  }
}

function rowWeights(length: number, halfLife: number): Float64Array {
  const weights = Float64Array.from({ length }, (_, t) => {
    const age = length - 1 - t;
    if (halfLife === 0) return age === 0 ? 1 : 0;
    return 0.5 ** (age / halfLife);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
