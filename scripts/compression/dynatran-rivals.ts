// Other ways to leave out parts of the products of the same network, to compare DynaTran with. They zero what they leave out
// and multiply it nevertheless: what is compared is the accuracy at the same share of multiplications.
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../src/engine/floats.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { MultiplicationCounter } from '../../src/engine/tape/counting.ts';
import type { TapeKernels } from '../../src/engine/tape/kernels.ts';
import type { Binding } from '../../src/engine/tape/tape.ts';
import type { ModelTensor } from '../../src/models/model.ts';

/** Sets some elements of a row to 0 and returns how many are left; `share` is the threshold of the operand in the model. */
type Rule = (row: Floats, share: number) => number;

/** The engine with another rule for products that prune elements. */
function kernelsBy(kernels: Kernels, rule: Rule): Kernels {
  return {
    ...kernels,
    compile({ steps, parameters }, options = {}) {
      const counter = options.counter ?? { issued: 0, skipped: 0 };
      const ruled = steps.map((step) => ({
        ...step,
        forward: (binding: Binding) => step.forward(ruledBinding(binding, rule, counter)),
      }));
      return kernels.compile({ steps: ruled, parameters }, options);
    },
  };
}

function ruledBinding(
  { kernels, ...binding }: Binding,
  rule: Rule,
  counter: MultiplicationCounter,
): Binding {
  const { memory } = binding;
  const multiplyKept: TapeKernels['multiplyKept'] = (
    ...[c, cDown, a, aDown, b, bDown, start, startDown, rows, columns, inner, threshold]
  ) => {
    const operand = Array.from({ length: rows }, (_, i) =>
      memory.subarray(a + i * aDown, a + i * aDown + inner),
    );
    const whole = operand.map((row) => row.slice());
    const kept = operand.reduce((sum, row) => sum + rule(row, threshold), 0);
    kernels.multiply(c, cDown, a, aDown, 1, b, bDown, start, startDown, rows, columns, inner);
    for (const [i, row] of operand.entries()) row.set(whole[i] as Floats);
    const skipped = (rows * inner - kept) * columns;
    // The dense product has been counted whole.
    counter.issued -= skipped;
    counter.skipped += skipped;
    return kept;
  };
  return { ...binding, kernels: { ...kernels, multiplyKept } };
}

/** The engine with products that do nothing: what a network takes beside them. */
export function withoutProducts(kernels: Kernels): Kernels {
  const idle = { multiply: () => undefined, multiplyKept: () => 0, multiplyKeptColumns: () => 0 };
  return {
    ...kernels,
    compile({ steps, parameters }, options) {
      const emptied = steps.map((step) => ({
        ...step,
        forward: (binding: Binding) =>
          step.forward({ ...binding, kernels: { ...binding.kernels, ...idle } }),
      }));
      return kernels.compile({ steps: emptied, parameters }, options);
    },
  };
}

/** Of each row the greatest elements, all but the share that the threshold says; ties go to the first ones. */
export function topKernels(kernels: Kernels): Kernels {
  return kernelsBy(kernels, (row, share) => {
    const count = Math.round(row.length * (1 - share));
    const sizes = Array.from(row, Math.abs);
    const least = count === 0 ? Number.POSITIVE_INFINITY : greatest(sizes, count);
    let ties = count - sizes.filter((size) => size > least).length;
    for (let i = 0; i < row.length; i++) {
      const size = Math.abs(row[i] as number);
      if (size > least || (size === least && ties-- > 0)) continue;
      row[i] = 0;
    }
    return count;
  });
}

/** Each element is left out with the probability that the threshold says. */
export function randomKernels(kernels: Kernels, seed: number): Kernels {
  const random = createRandom(seed);
  return kernelsBy(kernels, (row, share) => {
    let kept = 0;
    for (let i = 0; i < row.length; i++) {
      if (random.uniform() < share) row[i] = 0;
      else kept++;
    }
    return kept;
  });
}

/** The tensor with so great a share of its elements set to 0, the smallest ones. */
export function prunedWeights({ shape, data }: ModelTensor, share: number): ModelTensor {
  const sizes = Array.from(data, Math.abs);
  const count = Math.round(data.length * (1 - share));
  const least = count === 0 ? Number.POSITIVE_INFINITY : greatest(sizes, count);
  return { shape, data: data.map((value) => (Math.abs(value) >= least ? value : 0)) };
}

/** The `count`-th greatest of the values. Hoare 1961, "Algorithm 65: find", without its exchanges in place. */
function greatest(values: readonly number[], count: number): number {
  const pivot = values[values.length >> 1] as number;
  const above = values.filter((value) => value > pivot);
  if (count <= above.length) return greatest(above, count);
  const below = values.filter((value) => value < pivot);
  const left = count - (values.length - below.length);
  return left <= 0 ? pivot : greatest(below, left);
}
