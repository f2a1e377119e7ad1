// The space of CODEBench's accelerators in one dimension. Tuli et al. 2023, "CODEBench: a neural architecture and hardware
// accelerator co-design framework", section on AccelBench; values of jha-lab/codebench, accelbench/run.py, and get_embeddings.py
// beside it.
//
// Departs from them: there is one axis, so Piy and Pky are gone; two small buffers come before the published ones of megabytes,
// which mean nothing to a network of 50 KB; masks get an eighth of the other buffers, as in the small space, where the code
// derives them from the lanes alone, too few bits for what lies in the buffers.
import { MEMORY_NAMES } from '../modules.ts';
import type { UnrolledSpace } from '../space.ts';
import type { VectorSpace } from './vectors.ts';

const KB = 1 / 1024;
const BUFFERS_MB = [16 * KB, 128 * KB, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24];

export const accelbench: UnrolledSpace = {
  name: 'accelbench',
  choices: {
    ...{ unrolledWindows: [1, 2, 3, 4], unrolledRows: [1, 2, 3, 4, 5, 6, 7, 8] },
    ...{ unrolledColumns: [1, 2, 3, 4, 5, 6, 7, 8], unrolledTaps: [1, 3, 5, 7] },
    ...{ multipliers: [1, 16], nonLinearity: ['relu', 'gelu'] },
    ...{ batch: [1, 32, 64, 128, 256, 512], activationMb: BUFFERS_MB, weightMb: BUFFERS_MB },
    memory: [...MEMORY_NAMES],
  },
};

/** Pib, Pif, Pix, Pof, Pk, windows together, megabytes for activations and for weights, and the row of the memory. */
export const accelbenchVectors: VectorSpace = {
  ...{ owner: 'AccelBench', space: accelbench },
  places: [
    ...['unrolledWindows', 'multipliers', 'unrolledRows', 'unrolledColumns', 'unrolledTaps'],
    ...['batch', 'activationMb', 'weightMb', 'memory'],
  ],
};
