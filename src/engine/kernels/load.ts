// Chooses the engine.
import type { Kernels } from '../discriminator-kernels.ts';
import { plainKernels } from './plain.ts';

export type KernelPreference = 'auto' | 'wasm-simd' | 'wasm-relaxed' | 'plain';

export function loadKernels(_preference: KernelPreference = 'auto'): Promise<Kernels> {
  return Promise.resolve(plainKernels);
}
