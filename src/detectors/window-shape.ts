import { ShapeError } from '../core/errors.ts';
import type { Window } from '../core/window.ts';
import type { Model } from '../models/model.ts';

/**
 * Throws `ShapeError`, naming both shapes and the remedy, unless the window is what the model was trained on; it may be
 * as short as `least` rows while a stream warms up.
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
  );
}
