// What test/golden/kernels.json holds the hashes of; scripts/golden/kernels.ts writes that file from here.
import { createHash } from 'node:crypto';
import type {
  Ascent,
  DiscriminatorKernels,
  Kernels,
} from '../../../src/engine/discriminator-kernels.ts';
import type { Floats } from '../../../src/engine/floats.ts';
import { createRandom } from '../../../src/engine/random.ts';
import { concatenated, fill, trainStep } from './cases.ts';
import { convolutionsTrained, encoderTrained } from './golden-networks.ts';

/** One sha256 over the bits of each result, computed with the plain SIMD build. */
export function goldenHashes(simd: Kernels): Record<string, string> {
  const random = createRandom(2026);
  return {
    'random: 10,000 normals, seed 2026': hash(Float64Array.from({ length: 10_000 }, random.normal)),
    'forward: 8 windows, 190-64-64-1': hash(forward(simd)),
    'ascent by adam: 8 windows, 50 steps, 190-64-64-1': hash(
      ascended(simd, {
        rule: 'adam',
        maxSteps: 50,
        learningRate: 0.01,
        target: 0.9,
        epsilon: 1e-9,
      }),
    ),
    'ascent by backtracking: 8 windows, 50 steps, 190-64-64-1': hash(
      ascended(simd, { rule: 'backtracking', steps: 50, firstStep: 1, anchorWeight: 10 }),
    ),
    'ascent normalised: 8 windows, 50 steps, 190-64-64-1': hash(
      ascended(simd, { rule: 'normalised', steps: 50, stepLength: 0.05 }),
    ),
    'training: weights after 50 steps, batch 32, 37-26-19-1': hash(trained(simd)),
    'neighbours: squared distances, 5 of 203 rows of 61 inputs': hash(neighbours(simd)),
    'encoder: weights after 20 steps, every head': hash(encoderTrained(simd)),
    'convolutions: weights after 20 steps, every operation': hash(convolutionsTrained(simd)),
  };
}

/** Little-endian, as every processor Node runs on that is tested. */
function hash(values: Floats): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

function filled(simd: Kernels): DiscriminatorKernels {
  return fill(simd.discriminator({ inputs: 190, hidden1: 64, hidden2: 64, slope: 0.2 }, 8), 101);
}

function forward(simd: Kernels): Float32Array {
  const kernels = filled(simd);
  kernels.forward(8);
  return kernels.logits;
}

function ascended(simd: Kernels, ascent: Ascent): Float32Array {
  const kernels = filled(simd);
  kernels.ascend(8, ascent);
  return kernels.z;
}

export function trained(simd: Kernels): Float64Array {
  const shape = { inputs: 37, hidden1: 26, hidden2: 19, slope: 0.2 };
  const kernels = fill(simd.discriminator(shape, 32), 102);
  const random = createRandom(103);
  for (let step = 0; step < 50; step++) {
    for (let i = 0; i < kernels.x.length; i++) kernels.x[i] = random.normal();
    for (let i = 0; i < kernels.z.length; i++) kernels.z[i] = random.uniform();
    kernels.trainStep(32, { ...trainStep, optimised: 16 });
  }
  return concatenated(kernels.weights);
}

function neighbours(simd: Kernels): Float32Array {
  const found = simd.neighbours({ inputs: 61, maxRows: 203, maxBatch: 4, maxNeighbours: 5 });
  const random = createRandom(104);
  for (let i = 0; i < found.rows.length; i++) found.rows[i] = random.normal();
  for (let i = 0; i < found.x.length; i++) found.x[i] = random.normal();
  found.search(4, 203, 5);
  return found.distances;
}
