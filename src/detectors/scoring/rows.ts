// Scores one row with all paths and views of a detector.
//
// Notation   C channels, d (C,) distances of one view
//            u_c = ln(1 + (d_c - median_c)+ / spread_c)      a channel, scaled by its normal distances
//            s   = mean of u_c over c, then ln(1 + (s - median)+ / spread), then the weighted mean over the views that have rows
//            a view may also contribute its magnitude: m = sum of d_c, then ln(1 + (m - most)+ / spread), which is 0 up to
//            the greatest normal one, because smaller magnitudes depend more on load than on faults
import { WeightsError } from '../../core/errors.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import type { ScoringDesign, Yardstick } from './design.ts';
import { type ScoringPath, shortestOf } from './path.ts';
import { channelParts, magnitudeParts, standardise } from './scale.ts';

/** The score of one row; filled by `PathRows.score`. */
export interface RowScore {
  value: number;
  /** (C,) sums to `value`. */
  readonly perChannel: Float64Array;
  /** (C,) expected values of the row, scaled. */
  readonly expected: Float64Array;
}

export function emptyRowScore(width: number): RowScore {
  return { value: 0, perChannel: new Float64Array(width), expected: new Float64Array(width) };
}

interface ScaledPath extends ScoringPath {
  readonly readings: readonly Reading[];
  /** Sum of the weights of its readings. */
  readonly total: number;
}

/** One contribution of a view of a path to the score. */
interface Reading {
  /** Writes the part of each channel into `parts`, and returns the sum. */
  readonly read: (perView: Float64Array, parts: Float64Array) => number;
  /** Scale of the sum. */
  readonly scale: Yardstick;
  readonly weight: number;
}

export class PathRows {
  /** Rows needed to score the newest of them. */
  readonly leastRows: number;
  /** Newest rows whose mean is half of the score, see `RowHistory`. */
  readonly meanRows: number;
  readonly #paths: readonly ScaledPath[];
  readonly #parts: Float64Array;

  /** Throws `WeightsError` if the model lacks yardsticks, scales or reaches of a path. */
  constructor(
    model: Pick<Model, 'channels' | 'tensors'>,
    design: ScoringDesign,
    paths: readonly ScoringPath[],
  ) {
    this.leastRows = Math.max(design.leastRows, shortestOf(paths));
    this.meanRows = design.meanRows;
    this.#parts = new Float64Array(model.channels.length);
    this.#paths = paths.map((path) => {
      const readings = [...equalised(path, model, design), ...byMagnitude(path, design)];
      return { ...path, readings, total: readings.reduce((sum, { weight }) => sum + weight, 0) };
    });
  }

  /** Scores the row of `values`, (>= leastRows, C) row-major, that ends before the cell `end`. */
  score(values: Float32Array, end: number, into: RowScore): void {
    const rows = end / this.#parts.length;
    into.value = 0;
    into.perChannel.fill(0);
    into.expected.fill(0);
    let weights = 0;
    // Paths with only a magnitude weight do not contribute to the expected values.
    let expectedWeight = 0;
    for (const path of this.#paths) {
      if (path.distances.length > rows) continue;
      path.distances.measure(values, end);
      addScaled(into.expected, path.distances.expected, path.weight * path.views);
      expectedWeight += path.weight * path.views;
      weights += path.total;
      for (const reading of path.readings) this.#add(path.distances.views.perView, reading, into);
    }
    into.value /= weights;
    scale(into.perChannel, 1 / weights);
    if (expectedWeight > 0) scale(into.expected, 1 / expectedWeight);
  }

  #add(perView: Float64Array, { read, scale, weight }: Reading, into: RowScore): void {
    const sum = read(perView, this.#parts);
    const value = weight * standardise(sum, scale);
    if (value === 0) return;
    into.value += value;
    addScaled(into.perChannel, this.#parts, value / sum);
  }
}

/** Each view with channels scaled by their yardsticks, (2, C), and their mean by the scale of the view. */
function equalised(
  { name, views, weight }: ScoringPath,
  { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  { scales }: Pick<ScoringDesign, 'scales'>,
): readonly Reading[] {
  if (weight === 0) return [];
  const width = channels.length;
  const yardsticks = tensorOf(tensors, `${name}.yardsticks`, views * 2 * width).data;
  return ofEachView(scales[name], name, views).map((scale, v) => {
    const own = yardsticks.subarray(v * 2 * width, (v + 1) * 2 * width);
    return { read: (perView, parts) => channelParts(perView, v, own, parts), scale, weight };
  });
}

function byMagnitude(
  { name, views, magnitudeWeight: weight = 0 }: ScoringPath,
  { reaches }: Pick<ScoringDesign, 'reaches'>,
): readonly Reading[] {
  if (weight === 0) return [];
  return ofEachView(reaches[name], name, views).map(({ most, spread }, v) => ({
    read: (perView, parts) => magnitudeParts(perView, v, parts),
    scale: { median: most, spread },
    weight,
  }));
}

function ofEachView<T>(given: readonly T[] | undefined, name: string, views: number): readonly T[] {
  const own = given ?? [];
  if (own.length === views) return own;
  throw new WeightsError(
    `the model has ${own.length} scales of '${name}', needs ${views}: train it again`,
    { code: 'SEN_WGT_DESIGN' },
  );
}

function scale(values: Float64Array, factor: number): void {
  for (let c = 0; c < values.length; c += 1) values[c] = (values[c] as number) * factor;
}

function addScaled(into: Float64Array, from: Float64Array | Float32Array, factor: number): void {
  for (let c = 0; c < into.length; c += 1) {
    into[c] = (into[c] as number) + (from[c] as number) * factor;
  }
}
