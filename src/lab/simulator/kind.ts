// What sets accelerators of one kind apart from those of another: AccelTran's of tiles (`tiled.ts`) from AccelBench's of unrolled
// loops (`unrolled.ts`). `hardware.ts` has what is the same for all.
import type { ModuleName, Parts } from './modules.ts';
import type { CostModel, ProgramOptions } from './task.ts';

export type KindName = 'tiled' | 'unrolled';

/** Of a kind for which neither the order of the loops nor the model of a lane can be chosen, in words. */
export interface FixedRules {
  /** What an accelerator does, so that they cannot; follows its name. */
  readonly why: string;
  /** How its lanes work. */
  readonly lanes: string;
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
  /** Undefined where the order of the loops and the model of a lane can be chosen. */
  readonly fixedRules: FixedRules | undefined;
  /** Its elements and lanes in words. */
  readonly text: string;
}
