// Weights of a network on a tape as tensors of a model.
import type { NamedWeights } from '../engine/tape/program.ts';
import { tensorOf } from './discriminator.ts';
import type { ModelTensor } from './model.ts';

/** Copies, named `<prefix>.<parameter>`. */
export function savedWeights(
  parameters: readonly NamedWeights[],
  prefix: string,
): Record<string, ModelTensor> {
  return Object.fromEntries(
    parameters.map(({ name, shape, values }) => [
      `${prefix}.${name}`,
      { shape, data: Float32Array.from(values) },
    ]),
  );
}

/** The tensors of one network of a model, by the names that they have on the tape. Not copied. */
export function weightsUnder(
  prefix: string,
  tensors: Readonly<Record<string, ModelTensor>>,
): Record<string, ModelTensor> {
  const named = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(named.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}

/** Fills the weights from a model's tensors. Throws `WeightsError` for one that is missing or of another size. */
export function restoreWeights(
  parameters: readonly NamedWeights[],
  tensors: Readonly<Record<string, ModelTensor>>,
  prefix: string,
): void {
  for (const { name, values } of parameters) {
    values.set(tensorOf(tensors, `${prefix}.${name}`, values.length).data);
  }
}
