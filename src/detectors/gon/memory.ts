// The normal windows that a GON remembers. All members share them: a remembered window contains several consecutive
// windows of a shorter member.
//
// Notation   M remembered windows of R rows, C channels; T rows of a member, floor(R / T) windows in each; L rows and K
//            components of the linear member
import { WeightsError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ModelTensor } from '../../models/model.ts';
import { removeLevel } from '../normalisation.ts';
import type { GonDesign, MemberDesign } from './design.ts';
import { LINEAR } from './linear.ts';

export interface Memory {
  /** Returns a function that writes the member's remembered window nearest to x into z. */
  nearestFor(
    member: Pick<MemberDesign, 'length' | 'levelFree'>,
  ): (x: Float32Array, z: Float32Array) => void;
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

interface MemorySpan {
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

/** `data` (M, R*C) are the remembered windows. */
export function createMemory(data: Float32Array, shape: MemoryShape, kernels: Kernels): Memory {
  return {
    nearestFor({ length, levelFree }) {
      // Created on first use: a member without the path `mem` costs nothing.
      let search: ((x: Float32Array, z: Float32Array) => void) | undefined;
      return (x, z) => {
        search ??= searchAmong(windowsOf(data, shape, length, levelFree), kernels);
        search(x, z);
      };
    },
  };
}

/** The member's windows, evenly spread, newest rows of each remembered window first. */
function windowsOf(
  data: Float32Array,
  { windows, rows, width }: MemoryShape,
  length: number,
  levelFree: boolean,
): readonly Float32Array[] {
  const each = Math.floor(rows / length);
  const all = windows * each;
  const levels = new Float32Array(width);
  return Array.from({ length: Math.min(all, MOST_COMPARED) }, (_, i) => {
    const place = Math.floor((i * all) / Math.min(all, MOST_COMPARED));
    const endRow = (Math.floor(place / each) + 1) * rows - (place % each) * length;
    const window = data.slice((endRow - length) * width, endRow * width);
    if (levelFree) removeLevel(window, levels);
    return window;
  });
}

function searchAmong(windows: readonly Float32Array[], kernels: Kernels) {
  const inputs = windows[0]?.length ?? 0;
  const maxRows = windows.length;
  const neighbours = kernels.neighbours({ inputs, maxRows, maxBatch: 1, maxNeighbours: 1 });
  for (const [m, window] of windows.entries()) neighbours.rows.set(window, m * inputs);
  return (x: Float32Array, z: Float32Array) => {
    neighbours.x.set(x);
    neighbours.search(1, maxRows, 1);
    const at = (neighbours.indices[0] as number) * inputs;
    z.set(neighbours.rows.subarray(at, at + inputs));
  };
}
