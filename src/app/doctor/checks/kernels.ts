import { KnownError } from '../../../core/errors.ts';
import type { KernelPreference } from '../../../engine/kernels/load.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** `load` resolves with the kernels that a daemon with this preference would run on. */
export async function checkKernels(
  preference: KernelPreference,
  load: (preference: KernelPreference) => Promise<{ readonly name: string }>,
): Promise<Finding> {
  try {
    const { name } = await load(preference);
    if (name !== 'plain' || preference === 'plain') return ok('kernels', name);
    return warn(
      'kernels',
      'plain JavaScript, several times slower: this processor or this Node has no WebAssembly SIMD',
      'run a 64-bit system, or a Node without --jitless',
    );
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return fail('kernels', error.message, 'set engine: auto');
  }
}
