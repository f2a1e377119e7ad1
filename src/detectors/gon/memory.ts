// The normal windows that a GON remembers. All members share them: a remembered window contains several consecutive
// windows of a shorter member.
//
// Notation   M remembered windows of R rows, C channels; T rows of a member, floor(R / T) windows in each; L rows and K
//            components of the linear member
import { WeightsError } from '../../core/errors.ts';
import type { Kernels, StretchPlaces, StretchSearch } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ModelTensor } from '../../models/model.ts';
import { removeLevel } from '../normalisation.ts';
import type { GonDesign, MemberDesign } from './design.ts';
import { LINEAR } from './linear.ts';

/** A member that searches the memory. */
type MemoryMember = Pick<MemberDesign, 'length' | 'levelFree'>;

/** Returns the remembered window nearest to x, which is to be read only, until the next call. */
type Nearest = (x: Float32Array) => Float32Array;

export interface Memory {
  /** `member` is one of those that the memory was created for. */
  nearestFor(member: MemoryMember): Nearest;
}

export interface MemoryShape {
  /** M. */
  readonly windows: number;
  /** R. */
  readonly rows: number;
  /** C. */
  readonly width: number;
}

/** Windows that one search compares at most: more take longer with every row and improve little. */
export const MOST_COMPARED = 256;

type Tensors = Readonly<Record<string, ModelTensor>>;

/**
 * Reads the tensor `memory`: (M, R*C), or with a span (M, R / L * K) coordinates, from which the windows are made. Throws
 * `WeightsError` if it does not fit.
 */
export function rememberedWindows(
  tensors: Tensors,
  { windows, rows, width }: MemoryShape,
  { linear, memorySpan = false }: Pick<GonDesign, 'linear' | 'memorySpan'>,
): Float32Array {
  if (!memorySpan) return tensorOf(tensors, MEMORY, windows * rows * width).data;
  const span = memorySpanOf(tensors, linear, { rows, width });
  if (!span) {
    throw new WeightsError(
      `windows of ${rows} rows are to be made of stretches of the linear member, which has ${linear?.length ?? 0}: train the model again`,
      { code: 'SEN_WGT_DESIGN' },
    );
  }
  const { mean, components, stretches } = span;
  const count = components.length / mean.length;
  const { data } = tensorOf(tensors, MEMORY, windows * stretches * count);
  const made = new Float32Array(windows * rows * width);
  for (let stretch = 0; stretch < windows * stretches; stretch += 1) {
    const into = made.subarray(stretch * mean.length, (stretch + 1) * mean.length);
    into.set(mean);
    for (let k = 0; k < count; k += 1) {
      const coordinate = data[stretch * count + k] as number;
      for (let i = 0; i < into.length; i += 1) {
        into[i] = (into[i] as number) + coordinate * (components[k * into.length + i] as number);
      }
    }
  }
  return made;
}

/** Name of the tensor of the remembered windows. */
export const MEMORY = 'memory';

export interface MemorySpan {
  /** (L*C,) */
  readonly mean: Float32Array;
  /** (K, L*C) */
  readonly components: Float32Array;
  /** R / L. */
  readonly stretches: number;
}

/** What the linear member of L rows spans; undefined if windows are not made of whole stretches of it, or there is none. */
export function memorySpanOf(
  tensors: Tensors,
  linear: GonDesign['linear'],
  { rows, width }: Omit<MemoryShape, 'windows'>,
): MemorySpan | undefined {
  if (!linear || rows % linear.length !== 0) return undefined;
  const cells = linear.length * width;
  return {
    mean: tensorOf(tensors, `${LINEAR}.mean`, cells).data,
    components: tensorOf(tensors, `${LINEAR}.components`, linear.components * cells).data,
    stretches: rows / linear.length,
  };
}

/**
 * `data` (M, R*C) are the remembered windows; `members` are those that search them. All search the same copy, so that a
 * member costs its places and its levels alone.
 */
export function createMemory(
  data: Float32Array,
  shape: MemoryShape,
  members: readonly MemoryMember[],
  kernels: Kernels,
): Memory {
  const { width } = shape;
  const places = members.map(({ length, levelFree }) => {
    const stretches = { inputs: length * width, starts: startsOf(shape, length) };
    return levelFree ? { ...stretches, levels: levelsOf(data, stretches, width) } : stretches;
  });
  const { cells, searches } = kernels.stretches(data, places);
  const nearest = members.map(({ levelFree }, i) => {
    const { starts } = places[i] as StretchPlaces;
    const search = searches[i] as StretchSearch;
    return levelFree
      ? nearestShape(cells, starts, search, width)
      : nearestWindow(cells, starts, search);
  });
  return {
    nearestFor: ({ length, levelFree }) =>
      nearest[
        members.findIndex((one) => one.length === length && one.levelFree === levelFree)
      ] as Nearest,
  };
}

/** First cells of the windows of that many rows, evenly spread, newest rows of each remembered window first. */
function startsOf({ windows, rows, width }: MemoryShape, length: number): readonly number[] {
  const each = Math.floor(rows / length);
  const all = windows * each;
  const count = Math.min(all, MOST_COMPARED);
  return Array.from({ length: count }, (_, i) => {
    const place = Math.floor((i * all) / count);
    const endRow = (Math.floor(place / each) + 1) * rows - (place % each) * length;
    return (endRow - length) * width;
  });
}

/** (stretches, C) */
function levelsOf(
  data: Float32Array,
  { inputs, starts }: StretchPlaces,
  width: number,
): Float32Array {
  const levels = new Float32Array(starts.length * width);
  for (const [i, start] of starts.entries()) {
    const own = levels.subarray(i * width, (i + 1) * width);
    removeLevel(data.slice(start, start + inputs), own);
  }
  return levels;
}

function nearestWindow(
  cells: Float32Array,
  starts: StretchPlaces['starts'],
  { x: sought, nearest }: StretchSearch,
): Nearest {
  return (x) => {
    sought.set(x);
    const start = starts[Math.max(0, nearest())] as number;
    return cells.subarray(start, start + x.length);
  };
}

function nearestShape(
  cells: Float32Array,
  starts: StretchPlaces['starts'],
  { x: sought, nearest }: StretchSearch,
  width: number,
): Nearest {
  const shape = new Float32Array(sought.length);
  const levels = new Float32Array(width);
  let last = -1;
  return (x) => {
    sought.set(x);
    const found = Math.max(0, nearest());
    if (found !== last) {
      const start = starts[found] as number;
      shape.set(cells.subarray(start, start + shape.length));
      removeLevel(shape, levels);
      last = found;
    }
    return shape;
  };
}
