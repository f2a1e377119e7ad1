// Chooses an engine: our own kernels, or TensorFlow, which needs an optional package.
import type { Kernels } from '../engine/discriminator-kernels.ts';
import { type KernelPreference, loadKernels } from '../engine/kernels/load.ts';

export const engineNames = [
  'auto',
  'wasm-simd',
  'wasm-relaxed',
  'plain',
  'tensorflow',
] as const satisfies readonly (KernelPreference | 'tensorflow')[];

export type EngineName = (typeof engineNames)[number];

/** `auto` is never TensorFlow. Throws `DeviceError` if the engine asked for cannot run here. */
export async function loadEngine(name: EngineName = 'auto'): Promise<Kernels> {
  if (name !== 'tensorflow') return loadKernels(name);
  // Imported late: a daemon without it does not load it.
  const { loadTensorflow } = await import('./tensorflow/load.ts');
  const { tensorflowKernels } = await import('./tensorflow.ts');
  return tensorflowKernels(loadTensorflow());
}
