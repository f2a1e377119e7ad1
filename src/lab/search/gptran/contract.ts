// The interfaces of a growth, and the tree it produces: plain data, from which a growth can resume.

import type { z } from 'zod';
import type { TrainingContext } from '../../../detectors/training/trainer.ts';
import type { Random } from '../../../engine/random.ts';
import type { NetworkDesign } from '../../../models/network-family.ts';
import type {
  Relative,
  TakenOver,
  Transferred,
} from '../../../models/transfer/transfer-weights.ts';
import type { GrowthOptions } from './options.ts';

/** How the networks of a family are changed. Each is only ever given designs, lineages and options of its own. */
export interface GrowthFamily<
  Design = NetworkDesign,
  Lineage = unknown,
  Options extends GrowthOptions = GrowthOptions,
> {
  /** That of the networks. */
  readonly kind: string;
  readonly options: z.ZodType<Options> & { readonly shape: Readonly<Record<string, unknown>> };
  readonly modes: ReadonlyMap<string, Mode<Design, Lineage, Options>>;
  /** Modes that a growth cycles through. */
  order(options: Options): readonly string[];
  /** The lineage of an unchanged design. */
  unchanged(design: Design): Lineage;
}

/** What one round does to a network; no offspring if no change is left. */
export interface Mode<
  Design = NetworkDesign,
  Lineage = unknown,
  Options extends GrowthOptions = GrowthOptions,
> {
  /** Whether the mode grows the network: such a round backtracks unless its best child is the best of all. */
  readonly grows: boolean;
  offspring(
    parent: Relative<Design>,
    context: ModeContext<Options>,
  ): readonly Offspring<Design, Lineage>[];
}

export interface ModeContext<Options = GrowthOptions> {
  readonly options: Options;
  readonly random: Random;
  /** Patches of a window. */
  readonly patches: number;
  /** Changes already tried with this parent. */
  readonly tried: ReadonlySet<string>;
}

/** A changed network, before it is trained. */
export interface Offspring<Design = NetworkDesign, Lineage = unknown> {
  readonly point: Design;
  /** Which parts come from which parts of the parent. */
  readonly lineage: Lineage;
  /** Name of the change, unique among the changes of the mode, so that no change is tried twice with one parent. */
  readonly change: string;
}

export interface ChildTask {
  readonly point: NetworkDesign;
  readonly from: TakenOver & { readonly lineage: unknown };
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
  readonly family: GrowthFamily;
  /** The same task and seed give the same child. A `CalibrationError` drops the child; any other error ends the growth. */
  train(task: ChildTask, context: Pick<TrainingContext, 'seed' | 'signal'>): Promise<TrainedChild>;
  /** Cost of the network on its device, e.g. seconds a window; lower is better, above 0. */
  cost(point: NetworkDesign): number;
  /** Patches of a window: the longest kernel allowed. */
  readonly patches: number;
}

export interface GrowthNode {
  /** Index among the nodes. */
  readonly id: number;
  /** Undefined = the start. */
  readonly parent?: number;
  readonly mode?: string;
  readonly change?: string;
  readonly point: NetworkDesign;
  readonly cost: number;
  /** Absent if the training diverged. */
  readonly trained?: TrainedChild;
}

export interface GrowthRound {
  readonly mode: string;
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
  readonly next: { readonly node: number; readonly mode: string };
  /** Why there is no next round. */
  readonly ended?: string;
  /** The start after as many steps as the other networks, or without them if that is better; absent while the growth runs. */
  readonly control?: TrainedChild;
}
