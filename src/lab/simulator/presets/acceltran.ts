// Spaces of AccelTran's accelerators: a small one for networks of some kilobytes, and ELECTOR's own, with its vectors.
import { MEMORY_NAMES } from '../modules.ts';
import type { TiledSpace } from '../space.ts';
import type { VectorSpace } from './vectors.ts';

const KB = 1 / 1024;

/**
 * The published buffers of megabytes mean nothing to a network of 50 KB. Masks get an eighth of the other buffers, which is a
 * bit for each element if two fifths of the 20 bits of elements are kept.
 */
export const small: TiledSpace = {
  name: 'small',
  choices: {
    ...{ tileBatch: [1], tile: [8, 16, 32], elements: [1, 2, 4, 8, 16, 64], lanes: [1, 4, 16] },
    ...{ multipliers: [1, 16], softmaxUnits: [1, 4], nonLinearity: ['relu', 'gelu'] },
    ...{ batch: [1, 4], activationMb: [16 * KB, 128 * KB, 1, 4] },
    weightMb: [16 * KB, 128 * KB, 1, 4],
    memory: ['dram-32-2-1', 'rram-32-2-1', 'hbm-32-1-4'],
  },
};

/** jha-lab/transcode: the non-linearity lies beside its vectors. */
export const elector: TiledSpace = {
  name: 'elector',
  choices: {
    ...{ tileBatch: [1, 4], tile: [8, 16, 32], elements: [64, 128, 256, 512, 1024] },
    ...{ lanes: [8, 16, 32, 64, 128], multipliers: [1, 16], softmaxUnits: [2, 4, 8, 16, 32, 64] },
    ...{ nonLinearity: ['relu', 'gelu'], batch: [4, 16, 32], activationMb: [4, 8, 16, 32, 64] },
    ...{ weightMb: [8, 16, 32, 64, 128], maskMb: [1, 2, 4, 8, 16], memory: [...MEMORY_NAMES] },
  },
};

export const electorVectors: VectorSpace = {
  ...{ owner: 'ELECTOR', space: elector },
  places: [
    ...['tileBatch', 'tile', 'tile', 'elements', 'lanes', 'multipliers', 'softmaxUnits', 'batch'],
    ...['activationMb', 'weightMb', 'maskMb', 'memory'],
  ],
};
