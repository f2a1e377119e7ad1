// Paths of a detector that scores by distances. Hot: index arithmetic and reused buffers.
//
// Notation   T rows, C channels, V views
/** One measure of how anomalous the newest row is; a detector may have several. */
export interface ScoringPath {
  /** Prefix of the path's tensors and key of its scales. */
  readonly name: string;
  readonly distances: Distances;
  /** Number of views. */
  readonly views: number;
  /** Weight of each view with scaled channels; 0 = not used. */
  readonly weight: number;
  /** Weight of each view's magnitude. Both weights add to 1 over all views of all paths of a detector. */
  readonly magnitudeWeight?: number;
}

/** T of the longest path. */
export function longestOf(paths: readonly ScoringPath[]): number {
  return Math.max(...paths.map(({ distances }) => distances.length));
}

/** T of the shortest path: with fewer rows there is no score. */
export function shortestOf(paths: readonly ScoringPath[]): number {
  return Math.min(...paths.map(({ distances }) => distances.length));
}

/** The same paths with their weights multiplied by `share`. */
export function weighted(paths: readonly ScoringPath[], share: number): readonly ScoringPath[] {
  return paths.map((path) => ({
    ...path,
    weight: share * path.weight,
    magnitudeWeight: share * (path.magnitudeWeight ?? 0),
  }));
}

/** Measures the distance of the newest rows from normal ones. Results are valid until the next call. */
export interface Distances {
  /** T, rows that it reads. */
  readonly length: number;
  readonly views: Pick<RowViews, 'perView'>;
  /** (C,) expected values of the newest row, scaled. */
  readonly expected: Float32Array;
  /** Measures the rows of `values`, (>= T, C) row-major, that end before the cell `end`. */
  measure(values: Float32Array, end: number): void;
}

/** Views of the distance between a window and its optimised form: of the newest row, or of the recent rows. */
export class RowViews {
  /**
   * (V, C) row-major: mean squared distance of each channel with the row weights of each view. Valid until the next read.
   */
  readonly perView: Float64Array;
  readonly #width: number;
  /** (V, T) weights of the rows, each view's add to 1. */
  readonly #weights: readonly Float64Array[];

  /** One half-life per view, rows; 0 = only the newest row. */
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

/** What is left after that many rows, in single precision: as `standardise`, the same on all kinds of processors. */
export function decay(rows: number, halfLife: number): number {
  return Math.fround(0.5 ** (rows / halfLife));
}

function rowWeights(length: number, halfLife: number): Float64Array {
  const weights = Float64Array.from({ length }, (_, t) => {
    const age = length - 1 - t;
    if (halfLife === 0) return age === 0 ? 1 : 0;
    return decay(age, halfLife);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
