// Scores one row of a stream in the light of the rows before it: all members of a GON, all paths, all views.
//
// Notation   C channels, d (C,) distances of one view
//            u_c = ln(1 + (d_c - median_c)+ / spread_c)      a channel against its own ordinary distances
//            s   = mean of u_c over c, then ln(1 + (s - median)+ / spread), then the mean over the views that have rows
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import type { GonDesign, Yardstick } from './gon-design.ts';
import type { GonDistances } from './gon-distances.ts';
import { memoryOf, pathsOf } from './gon-paths.ts';
import { channelParts, standardise } from './gon-scale.ts';

/** What is said of one row; filled by `GonRows.score`. */
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

/** One view of one path: its distances, the yardsticks of its channels (2, C), and the scale of their mean. */
interface View {
  readonly distances: GonDistances;
  readonly index: number;
  readonly channels: Float32Array;
  readonly scale: Yardstick;
}

export class GonRows {
  /** Rows that suffice to score the newest of them. */
  readonly leastRows: number;
  readonly #paths: readonly GonDistances[];
  readonly #views: readonly View[];
  readonly #parts: Float64Array;

  constructor(model: Pick<Model, 'channels' | 'tensors'>, design: GonDesign, kernels: Kernels) {
    const width = model.channels.length;
    this.leastRows = design.leastRows;
    this.#parts = new Float64Array(width);
    const memory = memoryOf(model, design, kernels);
    const members = design.members.map((member) => pathsOf(member, design, model, memory, kernels));
    this.#paths = members.flat().map(({ distances }) => distances);
    this.#views = members.flat().flatMap(({ distances, scales, name }) => {
      const cells = scales.length * 2 * width;
      const yardsticks = tensorOf(model.tensors, `${name}.yardsticks`, cells).data;
      return scales.map((scale, index) => {
        const channels = yardsticks.subarray(index * 2 * width, (index + 1) * 2 * width);
        return { distances, index, channels, scale };
      });
    });
  }

  /** Scores the row of `values`, (>= leastRows, C) row-major, that ends before the cell `end`. Allocates nothing. */
  score(values: Float32Array, end: number, into: RowScore): void {
    const rows = end / this.#parts.length;
    into.value = 0;
    into.perChannel.fill(0);
    into.expected.fill(0);
    let views = 0;
    let paths = 0;
    for (const path of this.#paths) {
      if (path.length > rows) continue;
      path.measure(values, end);
      addScaled(into.expected, path.expected, 1);
      paths += 1;
      for (const view of this.#views) {
        if (view.distances !== path) continue;
        this.#add(view, into);
        views += 1;
      }
    }
    into.value /= views;
    scale(into.perChannel, 1 / views);
    scale(into.expected, 1 / paths);
  }

  #add(view: View, into: RowScore): void {
    const mean = channelParts(view.distances.perView, view.index, view.channels, this.#parts);
    const value = standardise(mean, view.scale);
    if (value === 0) return;
    into.value += value;
    addScaled(into.perChannel, this.#parts, value / mean);
  }
}

function scale(values: Float64Array, factor: number): void {
  for (let c = 0; c < values.length; c += 1) values[c] = (values[c] as number) * factor;
}

function addScaled(into: Float64Array, from: Float64Array | Float32Array, factor: number): void {
  for (let c = 0; c < into.length; c += 1) {
    into[c] = (into[c] as number) + (from[c] as number) * factor;
  }
}
