import type { Channel } from '../core/sample.ts';

/** A named tensor of a model file, row-major. */
export interface ModelTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** How rows are scaled: `scaled = (value - offset) / scale`, clipped to +-clip. Both arrays are (C,). */
export interface ScalerState {
  readonly kind: string;
  readonly offset: readonly number[];
  readonly scale: readonly number[];
  readonly clip: number;
}

/** What a reader needs to know to trust a model, and to make it again. */
export interface TrainingCard {
  readonly dataId: string;
  /** sha256 of the training values, hex. */
  readonly dataHash: string;
  readonly rows: number;
  readonly seed: number;
  readonly durationS: number;
  readonly finalLosses: readonly number[];
  readonly version: string;
}

/** A trained detector as plain data; `model-file.ts` reads and writes it as safetensors. */
export interface Model {
  /** First 16 hex digits of the sha256 over the file's content. */
  readonly id: string;
  /** Detector kind, a key of the detector registry. */
  readonly kind: string;
  readonly channels: readonly Channel[];
  /** Channels of the source that had too few readings to learn from; absent = none. */
  readonly leftOut?: readonly Channel[];
  /** T, rows. */
  readonly windowLength: number;
  /** Time between rows of the grid, milliseconds. */
  readonly intervalMs: number;
  readonly scaler: ScalerState;
  /** Detector-specific settings, checked by the detector's own zod schema on load. */
  readonly design: Readonly<Record<string, unknown>>;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
  /** (N,) scores on the held-back tail of the training data, in time order: what thresholds are fitted to. */
  readonly calibration: Float64Array;
  readonly card: TrainingCard;
}
