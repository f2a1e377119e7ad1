// Scores one row of a stream in the light of the rows before it: all members of a GON, all paths, all views.
//
// Notation   C channels, d (C,) distances of one view
//            u_c = ln(1 + (d_c - median_c)+ / spread_c)      a channel against its own ordinary distances
//            s   = mean of u_c over c, then ln(1 + (s - median)+ / spread), then the mean over all views
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { fromTensors, tensorOf } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import {
  ascentOf,
  type GonDesign,
  longestOf,
  type MemberDesign,
  prefixOf,
  shapeOf,
  type Yardstick,
} from './gon-design.ts';
import { GonDistances, type Path } from './gon-distances.ts';
import { createMemory, type Memory } from './gon-memory.ts';

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
  /** Rows needed to score the newest of them. */
  readonly length: number;
  readonly #paths: readonly GonDistances[];
  readonly #views: readonly View[];
  readonly #parts: Float64Array;

  constructor(model: Pick<Model, 'channels' | 'tensors'>, design: GonDesign, kernels: Kernels) {
    const width = model.channels.length;
    this.length = longestOf(design);
    this.#parts = new Float64Array(width);
    const memory = createMemory(model.tensors, design.memory, this.length * width, kernels);
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

  /** Scores the row of `values`, (>= length, C) row-major, that ends before the cell `end`. Allocates nothing. */
  score(values: Float32Array, end: number, into: RowScore): void {
    into.value = 0;
    into.perChannel.fill(0);
    into.expected.fill(0);
    for (const path of this.#paths) {
      path.measure(values, end);
      addScaled(into.expected, path.expected, 1 / this.#paths.length);
      for (const view of this.#views) if (view.distances === path) this.#add(view, into);
    }
  }

  #add(view: View, into: RowScore): void {
    const mean = channelParts(view.distances.perView, view.index, view.channels, this.#parts);
    const value = standardise(mean, view.scale) / this.#views.length;
    if (value === 0) return;
    into.value += value;
    addScaled(into.perChannel, this.#parts, value / mean);
  }
}

/**
 * Puts each channel's distance in one view on the channel's own scale, divided by C, into `parts`; returns their sum.
 * A channel that hardly ever moves becomes as loud as one that always does, and no channel drowns the others.
 */
export function channelParts(
  perView: Float64Array,
  view: number,
  yardsticks: Float32Array,
  parts: Float64Array,
): number {
  const width = parts.length;
  let sum = 0;
  for (let c = 0; c < width; c += 1) {
    const median = yardsticks[c] as number;
    const spread = yardsticks[width + c] as number;
    const excess = Math.max(0, (perView[view * width + c] as number) - median) / spread;
    const part = Math.log1p(excess) / width;
    parts[c] = part;
    sum += part;
  }
  return sum;
}

/** 0 up to the median of normal data, ln 2 at its 99th percentile; the logarithm keeps one view from drowning the others. */
export function standardise(value: number, { median, spread }: Yardstick): number {
  return Math.log1p(Math.max(0, value - median) / spread);
}

export interface MemberPath {
  /** The prefix of the path's tensors. */
  readonly name: string;
  readonly distances: GonDistances;
  readonly scales: readonly Yardstick[];
}

/** The paths of one member; they share its discriminator. */
export function pathsOf(
  member: MemberDesign,
  design: GonDesign,
  model: Pick<Model, 'channels' | 'tensors'>,
  memory: Memory,
  kernels: Kernels,
): readonly MemberPath[] {
  const width = model.channels.length;
  const discriminator = kernels.discriminator(shapeOf(member, design.slope, width), 1);
  fromTensors(model.tensors, prefixOf(member), discriminator.weights);
  const starts = { rec: startAtObserved, mem: memory.nearestTo(discriminator.shape.inputs) };
  return member.paths.map(({ route, views }) => {
    const path: Path = {
      start: starts[route],
      ascent: ascentOf(route, design),
      halfLives: views.map(({ halfLife }) => halfLife),
    };
    return {
      name: `${prefixOf(member)}.${route}`,
      distances: new GonDistances(discriminator, width, path),
      scales: views.map(({ scale }) => scale),
    };
  });
}

function startAtObserved(x: Float32Array, z: Float32Array): void {
  z.set(x);
}

function addScaled(into: Float64Array, from: Float64Array | Float32Array, factor: number): void {
  for (let c = 0; c < into.length; c += 1) {
    into[c] = (into[c] as number) + (from[c] as number) * factor;
  }
}
