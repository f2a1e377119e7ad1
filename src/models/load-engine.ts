// Chooses among all engines: our own kernels, and those that need a package of somebody else.
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
  // Late, because a daemon that does without must not carry it.
  const { loadTensorflow } = await import('./tensorflow/load.ts');
  const { tensorflowKernels } = await import('./tensorflow.ts');
  return tensorflowKernels(loadTensorflow());
}
