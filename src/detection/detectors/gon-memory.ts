// The normal windows a GON remembers. One memory serves all members: a member of T rows looks at the newest T of each.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { tensorOf } from '../../models/discriminator.ts';
import type { ModelTensor } from '../../models/model.ts';

export interface Memory {
  /** A function that writes into z the newest `inputs` cells of the remembered window nearest to x in them. */
  nearestTo(inputs: number): (x: Float32Array, z: Float32Array) => void;
}

/** `count` windows of `cells` numbers each, from the tensor `memory`. Throws `WeightsError` if it does not fit. */
export function createMemory(
  tensors: Readonly<Record<string, ModelTensor>>,
  count: number,
  cells: number,
  kernels: Kernels,
): Memory {
  const { data } = tensorOf(tensors, 'memory', count * cells);
  return {
    nearestTo(inputs) {
      // Made when first asked: a member without that path pays nothing.
      let search: ((x: Float32Array, z: Float32Array) => void) | undefined;
      return (x, z) => {
        search ??= searchFor(data, count, cells, inputs, kernels);
        search(x, z);
      };
    },
  };
}

function searchFor(
  data: Float32Array,
  count: number,
  cells: number,
  inputs: number,
  kernels: Kernels,
) {
  const neighbours = kernels.neighbours({ inputs, maxRows: count, maxBatch: 1, maxNeighbours: 1 });
  const { rows } = neighbours;
  for (let m = 0; m < count; m += 1) {
    rows.set(data.subarray((m + 1) * cells - inputs, (m + 1) * cells), m * inputs);
  }
  return (x: Float32Array, z: Float32Array) => {
    neighbours.x.set(x);
    neighbours.search(1, count, 1);
    const at = (neighbours.indices[0] as number) * inputs;
    for (let i = 0; i < inputs; i += 1) z[i] = rows[at + i] as number;
  };
}
