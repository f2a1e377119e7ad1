// Scores one row of a stream in the light of the rows before it: all paths of a detector, all views.
//
// Notation   C channels, d (C,) distances of one view
//            u_c = ln(1 + (d_c - median_c)+ / spread_c)      a channel against its own ordinary distances
//            s   = mean of u_c over c, then ln(1 + (s - median)+ / spread), then the weighted mean over the views that have rows
import { WeightsError } from '../../../core/errors.ts';
import { tensorOf } from '../../../models/discriminator.ts';
import type { Model } from '../../../models/model.ts';
import type { ScoringDesign, Yardstick } from './design.ts';
import { type ScoringPath, shortestOf } from './path.ts';
import { channelParts, standardise } from './scale.ts';

/** What is said of one row; filled by `PathRows.score`. */
export interface RowScore {
  value: number;
  /** (C,) sums to `value`. */
  readonly perChannel: Float64Array;
  /** (C,) what the row should have been, scaled. */
  readonly expected: Float64Array;
}

export function emptyRowScore(width: number): RowScore {
  return { value: 0, perChannel: new Float64Array(width), expected: new Float64Array(width) };
}

interface ScaledPath extends ScoringPath {
  readonly scaled: readonly View[];
}

/** One view of a path: the yardsticks of its channels (2, C), and the scale of their mean. */
interface View {
  readonly channels: Float32Array;
  readonly scale: Yardstick;
}

export class PathRows {
  /** Rows that suffice to score the newest of them. */
  readonly leastRows: number;
  readonly #paths: readonly ScaledPath[];
  readonly #parts: Float64Array;

  /** Throws `WeightsError` when the model lacks the yardsticks or scales of a path. */
  constructor(
    model: Pick<Model, 'channels' | 'tensors'>,
    { leastRows, scales }: Pick<ScoringDesign, 'leastRows' | 'scales'>,
    paths: readonly ScoringPath[],
  ) {
    this.leastRows = Math.max(leastRows, shortestOf(paths));
    this.#parts = new Float64Array(model.channels.length);
    this.#paths = paths.map((path) => ({ ...path, scaled: scaledViews(path, model, scales) }));
  }

  /** Scores the row of `values`, (>= leastRows, C) row-major, that ends before the cell `end`. */
  score(values: Float32Array, end: number, into: RowScore): void {
    const rows = end / this.#parts.length;
    into.value = 0;
    into.perChannel.fill(0);
    into.expected.fill(0);
    let weights = 0;
    for (const path of this.#paths) {
      if (path.distances.length > rows) continue;
      path.distances.measure(values, end);
      addScaled(into.expected, path.distances.expected, path.weight * path.views);
      weights += path.weight * path.views;
      for (let v = 0; v < path.views; v += 1) this.#add(path, v, into);
    }
    into.value /= weights;
    scale(into.perChannel, 1 / weights);
    scale(into.expected, 1 / weights);
  }

  #add({ distances, scaled, weight }: ScaledPath, v: number, into: RowScore): void {
    const view = scaled[v] as View;
    const mean = channelParts(distances.views.perView, v, view.channels, this.#parts);
    const value = weight * standardise(mean, view.scale);
    if (value === 0) return;
    into.value += value;
    addScaled(into.perChannel, this.#parts, value / mean);
  }
}

function scaledViews(
  { name, views }: ScoringPath,
  { channels, tensors }: Pick<Model, 'channels' | 'tensors'>,
  scales: ScoringDesign['scales'],
): readonly View[] {
  const width = channels.length;
  const yardsticks = tensorOf(tensors, `${name}.yardsticks`, views * 2 * width).data;
  const own = scales[name] ?? [];
  if (own.length !== views)
    throw new WeightsError(
      `the model has ${own.length} scales of '${name}', needs ${views}: train it again`,
    );
  return own.map((scale, v) => ({
    channels: yardsticks.subarray(v * 2 * width, (v + 1) * 2 * width),
    scale,
  }));
}

function scale(values: Float64Array, factor: number): void {
  for (let c = 0; c < values.length; c += 1) values[c] = (values[c] as number) * factor;
}

function addScaled(into: Float64Array, from: Float64Array | Float32Array, factor: number): void {
  for (let c = 0; c < into.length; c += 1) {
    into[c] = (into[c] as number) + (from[c] as number) * factor;
  }
}
