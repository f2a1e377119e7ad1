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
        const { kind, backward } = step;
        // Attention leaves out the rows that others have left out, and chooses none.
        if (!backward || kind !== 'linear') return step;
        return { ...step, backward: (binding: Binding) => backward(thinning(binding, random)) };
      });
      return kernels.compile({ steps: ruled, parameters }, options);
    },
  };
}

function thinning({ kernels, memory, ...binding }: Binding, random: Random): Binding {
  const thinRows: TapeKernels['thinRows'] = (list, g, rows, columns, threshold, key) => {
    const whole = memory.slice(g, g + rows * columns);
    const kept = kernels.thinRows(list, g, rows, columns, threshold, key);
    memory.set(whole, g);
    const order = Array.from({ length: rows }, (_, row) => row);
    random.shuffle(order);
    memory.set(
      order.slice(0, kept).sort((a, b) => a - b),
      list,
    );
    return kept;
  };
  return { ...binding, memory, kernels: { ...kernels, thinRows } };
}
