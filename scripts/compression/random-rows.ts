// A control for dynaprop: as many rows of gradients are left out as its thresholds leave out, but any.
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { createRandom, type Random } from '../../src/engine/random.ts';
import type { TapeKernels } from '../../src/engine/tape/kernels.ts';
import type { Binding } from '../../src/engine/tape/tape.ts';

export function randomRowKernels(kernels: Kernels, seed: number): Kernels {
  const random = createRandom(seed);
  return {
    ...kernels,
    compile({ steps, parameters }, options) {
      const ruled = steps.map((step) => {
        const { backward } = step;
        if (!backward) return step;
        return { ...step, backward: (binding: Binding) => backward(thinning(binding, random)) };
      });
      return kernels.compile({ steps: ruled, parameters }, options);
    },
  };
}

function thinning({ kernels, memory, ...binding }: Binding, random: Random): Binding {
  const thinRows: TapeKernels['thinRows'] = (g, rows, columns, threshold, key) => {
    const whole = memory.slice(g, g + rows * columns);
    const kept = kernels.thinRows(g, rows, columns, threshold, key);
    memory.set(whole, g);
    const order = Array.from({ length: rows }, (_, row) => row);
    random.shuffle(order);
    for (const row of order.slice(kept)) {
      memory.fill(0, g + row * columns, g + (row + 1) * columns);
    }
    return kept;
  };
  return { ...binding, memory, kernels: { ...kernels, thinRows } };
}
