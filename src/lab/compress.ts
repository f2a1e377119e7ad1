// Compresses a model, and judges the result as a retrained model is judged, in a process of its own.
import type { Series } from '../core/series.ts';
import { type ProcessContext, runInProcess } from '../detectors/training/process.ts';
import type { EngineName } from '../models/load-engine.ts';
import type { Model } from '../models/model.ts';
import type { CompressionChoice, LeanModel } from './compression/lean-model.ts';
import type { Trial } from './retraining/trial.ts';

export interface CompressingTask {
  readonly model: Model;
  /** Normal rows. */
  readonly recording: Series;
  readonly choice: CompressionChoice;
  /** Of the faults that the trial plants. */
  readonly seed: number;
  readonly engine?: EngineName | undefined;
}

export interface Compressing extends LeanModel {
  /** `live` is the model that was compressed, with scales from the same rows. */
  readonly trial: Trial;
  /** Median microseconds of scoring a row, of the model before and after, measured in turns. */
  readonly usPerRow: { readonly before: number; readonly after: number };
  /** Whether other work slowed this machine meanwhile, so that the times are not reliable. */
  readonly disturbed: boolean;
}

/** 0 to 1. */
export interface CompressingProgress {
  readonly fraction: number;
  readonly doing: 'compressing' | 'trying' | 'timing';
}

/**
 * The newest fifth of the recording is held back for the trial. Rejects with the `KnownError` of the compression, or on
 * abort with the reason of the signal.
 */
export function compressInWorker(
  task: CompressingTask,
  context: ProcessContext<CompressingProgress>,
): Promise<Compressing> {
  return runInProcess(new URL('./compress-process.ts', import.meta.url), task, context);
}
