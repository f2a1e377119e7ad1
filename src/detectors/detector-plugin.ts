import type { Detector } from '../core/detector.ts';
import type { Kernels } from '../engine/discriminator-kernels.ts';
import type { Model } from '../models/model.ts';

/** One kind of detector: how to make it from a trained model. Training lives in `detectors/training`. */
export interface DetectorPlugin {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Its scores are logarithms; absent = they are not. */
  readonly logarithmic?: boolean;
  /** Throws `WeightsError` when the model's design or tensors do not fit this kind. */
  load(model: Model, kernels: Kernels): Detector;
}
