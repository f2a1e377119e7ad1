// What a growth is given, and the tree that it leaves: plain data, of which it can go on.

import type { TrainingContext } from '../../../detectors/training/trainer.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import type { Lineage } from '../../../models/transfer/lineage.ts';
import type {
  Relative,
  TransferOptions,
  Transferred,
} from '../../../models/transfer/transfer-weights.ts';
import type { GrowthMode, GrowthOptions } from './options.ts';

/** What a round makes of a network, before it is trained. */
export interface Offspring {
  readonly point: DesignPoint;
  readonly lineage: Lineage;
  /** What was done, unique among all that the mode could do: nothing is tried twice with one parent. */
  readonly change: string;
}

export interface ChildTask {
  readonly point: DesignPoint;
  readonly from: Relative & TransferOptions;
  readonly options: { readonly steps: number; readonly learningRate: number };
}

export interface TrainedChild {
  readonly tensors: Relative['tensors'];
  /** Lower is better. */
  readonly loss: number;
  readonly transferred?: Transferred;
}

/** What a growth needs of the world. */
export interface GrowthRig {
  /** Same task and seed, same child. A `CalibrationError` loses the child; anything else ends the growth. */
  train(task: ChildTask, context: Pick<TrainingContext, 'seed' | 'signal'>): Promise<TrainedChild>;
  /** What the network costs on its device, e.g. seconds a window; lower is better, above 0. */
  cost(point: DesignPoint): number;
  /** Patches of a window: no kernel may be longer. */
  readonly patches: number;
}

export interface GrowthNode {
  /** Its place among the nodes. */
  readonly id: number;
  /** Undefined = the start. */
  readonly parent?: number;
  readonly mode?: GrowthMode;
  readonly change?: string;
  readonly point: DesignPoint;
  readonly cost: number;
  /** Absent where the training diverged. */
  readonly trained?: TrainedChild;
}

export interface GrowthRound {
  readonly mode: GrowthMode;
  readonly parent: number;
  readonly children: readonly number[];
  /** `better` = the best so far; `kept` = pruned and gone on with; `back` = nothing grown was better; `idle` = nothing to do, or diverged. */
  readonly outcome: 'better' | 'kept' | 'back' | 'idle';
}

export interface GrowthTree {
  readonly options: GrowthOptions;
  readonly seed: number;
  readonly nodes: readonly GrowthNode[];
  readonly rounds: readonly GrowthRound[];
  /** Where the next round starts, and what it does. */
  readonly next: { readonly node: number; readonly mode: GrowthMode };
  /** Why there is none. */
  readonly ended?: string;
  /** The start after as many steps as the other networks, or as it is where that is better; absent while the growth goes on. */
  readonly control?: TrainedChild;
}
