// Exports of the compiled kernels.
import type { Arena } from '../arena.ts';
import type { TapeKernels } from '../tape/kernels.ts';

/** assembly/index.ts. `block` is the address of a Discriminator, Neighbours or Stretches block. */
export interface KernelExports extends TapeKernels {
  arenaStart(): number;
  forward(block: number, batch: number): void;
  ascendByAdam(
    block: number,
    batch: number,
    maxSteps: number,
    learningRate: number,
    target: number,
    epsilon: number,
  ): void;
  ascendByBacktracking(
    block: number,
    batch: number,
    steps: number,
    firstStep: number,
    anchorWeight: number,
  ): void;
  ascendNormalised(block: number, batch: number, steps: number, stepLength: number): void;
  trainStep(
    block: number,
    batch: number,
    optimised: number,
    steps: number,
    stepLength: number,
    realLabel: number,
    fakeLabel: number,
    gradientPenalty: number,
    learningRate: number,
    weightDecay: number,
  ): number;
  search(block: number, batch: number, rowCount: number, neighbours: number): void;
  coarsen(to: number, from: number, count: number, resolution: number, most: number): void;
  nearestStretch(block: number): number;
}

/** One instance of the module with its memory. */
export interface KernelInstance {
  readonly exports: KernelExports;
  readonly arena: Arena;
}
