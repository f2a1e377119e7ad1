// The normal windows that a GON remembers. All members share them: a remembered window contains several consecutive
// windows of a shorter member.
//
// Notation   M remembered windows of R rows, C channels; T rows of a member, floor(R / T) windows in each
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ModelTensor } from '../../models/model.ts';
import { removeLevel } from '../normalisation.ts';
import type { MemberDesign } from './design.ts';

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
const MOST_COMPARED = 256;

/** Reads the tensor `memory`, (M, R*C). Throws `WeightsError` if it does not fit. */
export function createMemory(
  tensors: Readonly<Record<string, ModelTensor>>,
  shape: MemoryShape,
  kernels: Kernels,
): Memory {
  const { data } = tensorOf(tensors, 'memory', shape.windows * shape.rows * shape.width);
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
