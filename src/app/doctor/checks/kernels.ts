import { KnownError } from '../../../core/errors.ts';
import type { EngineName } from '../../../models/load-engine.ts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** `load` resolves with the kernels that a daemon with this engine would run on. */
export async function checkKernels(
  engine: EngineName,
  load: (engine: EngineName) => Promise<{ readonly name: string }>,
): Promise<Finding> {
  try {
    const { name } = await load(engine);
    if (name !== 'plain' || engine === 'plain') return ok('kernels', name);
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
