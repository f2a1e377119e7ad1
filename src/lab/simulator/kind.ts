// What sets accelerators of one kind apart from those of another: AccelTran's of tiles (`tiled.ts`) from AccelBench's of unrolled
// loops (`unrolled.ts`). `hardware.ts` has what is the same for all.
import type { ModuleName, Parts } from './modules.ts';
import type { CostModel, ProgramOptions } from './task.ts';

/** Costs by which accelerators are chosen. */
export const PRICED = ['latencyS', 'dynamicJ', 'leakageJ', 'areaMm2'] as const;

export type PriceScale = Readonly<Record<(typeof PRICED)[number], number>>;

/** Of the accuracy, and of the costs. */
export interface PairWeights extends PriceScale {
  readonly accuracy: number;
}

/** An accelerator of a kind. */
export interface AcceleratorKind {
  /** Processing elements, and lanes of all of them. */
  readonly elements: number;
  readonly lanes: number;
  /** Modules that the other kind lacks, or has more or others of; with the published figures. */
  readonly own: Readonly<Record<'softmax' | 'norm' | 'fifo' | 'im2col' | 'pooling', Parts>>;
  /** `parts` are those of `partsOf`. */
  costModel(parts: Readonly<Record<ModuleName, Parts>>, options: ProgramOptions): CostModel;
  /** Whether the order of the loops and the model of a lane can be chosen. */
  readonly hasRules: boolean;
  /** By which its paper chooses. */
  readonly weights: PairWeights;
  /** Its elements and lanes in words. */
  readonly text: string;
}
