// What a compression is: it makes a trained model smaller or faster with the help of normal windows, without training.
import type { ZodType } from 'zod';
import type { UnscaledModel } from '../../detectors/scoring/plugin.ts';
import type { TrainingData } from '../../detectors/scoring/training/data.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { Model } from '../../models/model.ts';
import type { PRUNING_FORMS } from '../../models/pruning.ts';

/** A model without the scales of its scores: those are measured anew after a compression. */
export interface CompressibleModel extends UnscaledModel {
  readonly kind: string;
}

export interface CompressionContext {
  readonly kernels: Kernels;
  /** 0 to 1. */
  readonly progress: (fraction: number) => void;
  readonly signal: AbortSignal;
}

/** One part of a network whose width was chosen, e.g. the values of a layer's heads. */
export interface CompressedPart {
  /** Prefix of its tensors, e.g. `forecaster.layer1.feed1`. */
  readonly name: string;
  /** Columns before and after; of a method that leaves out activations see `form`. */
  readonly before: number;
  readonly after: number;
  /** Squared error of what the part passes on, as a share of its square on the calibration windows. */
  readonly error: number;
}

export interface CompressionReport {
  /**
   * Share of the parameters of all parts that the method may narrow, each counted once. Rounding makes it differ from what is asked
   * for.
   */
  readonly removed: number;
  readonly parts: readonly CompressedPart[];
  /** Parts that the method does not change, with the reason. */
  readonly untouched: readonly string[];
  /** Of a method that leaves out activations, on normal rows. */
  readonly pruned?: {
    /** What parts are counted in. */
    readonly form: (typeof PRUNING_FORMS)[number];
    /** Share of all multiplications that is left out. */
    readonly skipped: number;
    /** Error of the unpruned model over that of this one. */
    readonly quality: number;
  };
}

export interface Compressed extends Pick<Model, 'design' | 'tensors'> {
  readonly report: CompressionReport;
}

/** One method. Its result must be loadable by the detector of the same kind. */
export interface Compression<Options = unknown> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Each option has a default, except what the method is asked for, e.g. its ratio. */
  readonly options: ZodType<Options>;
  /** Kinds of detectors whose models it can compress, whatever their design. */
  readonly detectors: readonly string[];
  /** Kinds of which it can compress models of some designs, and refuses the others. */
  readonly someDesignsOf?: readonly string[];
  /** Whether there is anything in a model of its detectors that it can compress; absent = always. */
  admits?(model: CompressibleModel): boolean;
  /**
   * Deterministic. Only the rows of `data` before its cut may be used: the tail sets the scales of scores afterwards. Throws
   * `CalibrationError` if they do not suffice, `ConfigError` for a model that it cannot compress, and the reason of the signal.
   * Yields to the event loop.
   */
  compress(
    model: CompressibleModel,
    data: TrainingData,
    options: Options,
    context: CompressionContext,
  ): Promise<Compressed>;
}
