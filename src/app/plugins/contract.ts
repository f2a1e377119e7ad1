// What a plug-in is made of: the types that authors import from 'sentigon/plugin'. There is nothing in it at run time.
import type { Detector } from '../../core/detector.ts';
import type { PLUGIN_API, StandardSchema, Trained } from '../../core/plugin-module.ts';
import type { Sink } from '../../core/sink.ts';
import type { Source } from '../../core/source.ts';
import type { StoredThreshold, ThresholdContext } from '../../detection/threshold-plugin.ts';
import type { NormalWindows } from '../../detectors/baselines/training/baseline-trainer.ts';
import type { TrainingContext } from '../../detectors/training/trainer.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import type { SinkContext } from '../../io/sinks/sink-plugin.ts';
import type { SourceContext } from '../../io/sources/source-plugin.ts';
import type { Model } from '../../models/model.ts';

export type { Alert, AlertChannel } from '../../core/alert.ts';
export type { Score } from '../../core/detector.ts';
export type { Channel, Sample } from '../../core/sample.ts';
export type { ScoreReport } from '../../core/sink.ts';
export type { Verdict } from '../../core/threshold.ts';
export type { Window } from '../../core/window.ts';
export type {
  Detector,
  Kernels,
  Model,
  NormalWindows,
  Sink,
  SinkContext,
  Source,
  SourceContext,
  StandardSchema,
  StoredThreshold,
  ThresholdContext,
  Trained,
  TrainingContext,
};

/** The default export of a plug-in. */
export interface Plugin {
  readonly api: typeof PLUGIN_API;
  /** Stands before each fault of it. */
  readonly name: string;
  readonly sources?: readonly PluginSource[];
  readonly sinks?: readonly PluginSink[];
  readonly detectors?: readonly PluginDetector[];
  readonly thresholds?: readonly PluginThreshold[];
}

interface Kind {
  /** As the configuration names it: letters, digits, - and _. */
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Describes the options beside `kind`, and `id` of a sink; it has to answer at once. Without it there are none. */
  readonly options?: StandardSchema;
}

export interface PluginSource<Options = unknown> extends Kind {
  /** Opens nothing yet: `samples` does. What `samples` throws means that the source is lost; a live one is opened again. */
  create(options: Options, context: SourceContext): OpenedSource;
}

export interface OpenedSource extends Omit<Source, 'id' | 'samples'> {
  /** Ends or throws when the signal aborts; the error is ignored. */
  samples(signal: AbortSignal): AsyncIterable<{
    /** Unix milliseconds of the reading itself. */
    readonly timeMs: number;
    /** One for each channel, in their order; NaN = no reading. */
    readonly values: ArrayLike<number>;
  }>;
}

export interface PluginSink<Options = unknown> extends Kind {
  /**
   * What `send` rejects with means that the alert was not taken: it is sent again, until it is. But a RangeError,
   * ReferenceError or SyntaxError, and a TypeError without a cause, is taken for a bug: an alert at which `send` fails so
   * three times while others get through is set aside.
   */
  create(options: Options, context: SinkContext): Omit<Sink, 'id'>;
}

export interface PluginThreshold<Options = unknown> extends Kind {
  create(options: Options, context: ThresholdContext): StoredThreshold;
}

export interface PluginDetector<Options = unknown> extends Omit<Kind, 'options'> {
  load(model: Model, kernels: Kernels): Omit<Detector, 'kind'>;
  /** With it streams can learn it; it runs in a process of its own, which loads the plug-in again. */
  readonly training?: PluginTraining<Options>;
}

/** Resampling, scaling, calibration and the model file are the program's. */
export interface PluginTraining<Options = unknown> {
  /** Describes `learn.options`. */
  readonly options?: StandardSchema;
  /** What a scaled 1 is: a robust or plain standard deviation, or the range seen in training. */
  readonly scaler: 'robust' | 'standard' | 'minmax';
  /** T, rows. */
  windowLength(options: Options): number;
  /** What `load` finds again as `model.design` and `model.tensors`. */
  learn(
    normal: NormalWindows,
    options: Options,
    context: TrainingContext,
  ): Trained | Promise<Trained>;
}
