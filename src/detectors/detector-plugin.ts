// The interface of a kind of detector, and the checks of models and windows that all kinds share.
import type { ZodType } from 'zod';
import type { Detector, Score } from '../core/detector.ts';
import { ShapeError, WeightsError } from '../core/errors.ts';
import type { Window } from '../core/window.ts';
import type { Kernels } from '../engine/discriminator-kernels.ts';
import type { Model } from '../models/model.ts';

/** One kind of detector: creates the detector of a trained model. Its trainer is in `detectors/training`. */
export interface DetectorPlugin {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Whether its scores are logarithms; absent = no. */
  readonly logarithmic?: boolean;
  /** Throws `WeightsError` if the model's design or tensors do not fit this kind. */
  load(model: Model, kernels: Kernels): Detector;
}

/** Parses the model's design. Throws `WeightsError` with the first missing or wrong setting. */
export function readDesign<T>(schema: ZodType<T>, model: Pick<Model, 'id' | 'design'>): T {
  const read = schema.safeParse(model.design);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new WeightsError(
    `model ${model.id}: design ${issue?.path.join('.')}: ${issue?.message}: train it again`,
    { code: 'SEN_WGT_DESIGN' },
  );
}

/** Returns the data of a tensor. Throws `WeightsError` unless the model has it in this shape. */
export function tensorOf(model: Model, name: string, shape: readonly number[]): Float32Array {
  const tensor = model.tensors[name];
  const found = tensor?.shape.join('×');
  const cells = shape.reduce((product, size) => product * size, 1);
  if (tensor && found === shape.join('×') && tensor.data.length === cells) return tensor.data;
  throw new WeightsError(
    `model ${model.id}: tensor ${name} is ${found ?? 'missing'}, expected ${shape.join('×')}: train it again`,
    { code: 'SEN_WGT_DESIGN' },
  );
}

/**
 * Throws `ShapeError` unless the window has the channels and length of the model; while a stream warms up, it may be as
 * short as `least` rows.
 */
export function requireShape(window: Window, model: Model, least = model.windowLength): void {
  const width = model.channels.length;
  const { length } = window;
  if (length >= least && length <= model.windowLength && window.width === width) return;
  const remedy =
    window.width === width
      ? `set windows.length to ${model.windowLength}`
      : `watch the channels it was trained on (${model.channels.map(({ id }) => id).join(', ')}) or train it again`;
  throw new ShapeError(
    `window is ${window.length}×${window.width}, the model needs ${model.windowLength}×${width}: ${remedy}`,
    { code: 'SEN_SHP_WINDOW' },
  );
}

/** A detector that keeps nothing between windows; it refuses windows that do not fit the model, as `requireShape` does. */
export function statelessDetector(model: Model, score: (window: Window) => Score): Detector {
  return {
    kind: model.kind,
    windowLength: model.windowLength,
    score(window) {
      requireShape(window, model);
      return score(window);
    },
  };
}
