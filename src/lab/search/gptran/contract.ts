// The interfaces of a growth, and the tree it produces: plain data, from which a growth can resume.

import type { TrainingContext } from '../../../detectors/training/trainer.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import type { Lineage } from '../../../models/transfer/lineage.ts';
import type {
  Relative,
  TransferOptions,
  Transferred,
} from '../../../models/transfer/transfer-weights.ts';
import type { GrowthMode, GrowthOptions } from './options.ts';

/** A changed network, before it is trained. */
export interface Offspring {
  readonly point: DesignPoint;
  readonly lineage: Lineage;
  /** Name of the change, unique among the changes of the mode, so that no change is tried twice with one parent. */
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

/** What a growth needs from its caller. */
export interface GrowthRig {
  /** The same task and seed give the same child. A `CalibrationError` drops the child; any other error ends the growth. */
  train(task: ChildTask, context: Pick<TrainingContext, 'seed' | 'signal'>): Promise<TrainedChild>;
  /** Cost of the network on its device, e.g. seconds a window; lower is better, above 0. */
  cost(point: DesignPoint): number;
  /** Patches of a window: the longest kernel allowed. */
  readonly patches: number;
}

export interface GrowthNode {
  /** Index among the nodes. */
  readonly id: number;
  /** Undefined = the start. */
  readonly parent?: number;
  readonly mode?: GrowthMode;
  readonly change?: string;
  readonly point: DesignPoint;
  readonly cost: number;
  /** Absent if the training diverged. */
  readonly trained?: TrainedChild;
}

export interface GrowthRound {
  readonly mode: GrowthMode;
  readonly parent: number;
  readonly children: readonly number[];
  /**
   * `better` = the best so far; `kept` = pruned and used as the next parent; `back` = no grown child was better; `idle` = no
   * change left, or diverged.
   */
  readonly outcome: 'better' | 'kept' | 'back' | 'idle';
}

export interface GrowthTree {
  readonly options: GrowthOptions;
  readonly seed: number;
  readonly nodes: readonly GrowthNode[];
  readonly rounds: readonly GrowthRound[];
  /** Parent and mode of the next round. */
  readonly next: { readonly node: number; readonly mode: GrowthMode };
  /** Why there is no next round. */
  readonly ended?: string;
  /** The start after as many steps as the other networks, or without them if that is better; absent while the growth runs. */
  readonly control?: TrainedChild;
}
