// Distance of the shape of a window to the nearest of a few typical shapes.
import { z } from 'zod';
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape, tensorOf } from '../../detector-plugin.ts';

const design = z.object({ clusters: z.int().positive(), normalised: z.boolean() });

/** A window with less spread than this, in training ranges, is flat; its shape is 0. */
const FLAT = 1e-6;

/**
 * Euclidean distance to the nearest k-means centre of training windows, each brought to mean 0 and deviation 1 over all
 * of its cells. Yairi et al. 2001, "Fault detection by mining association rules from house-keeping data", with the
 * settings of TSB-AD. Departs from TSB-AD: the score belongs to the newest row, theirs is averaged over all windows
 * that cover a row and so looks ahead by a window.
 */
export const kmeansWindows: DetectorPlugin = {
  kind: 'kmeans-windows',
  summary: 'distance to the nearest typical window shape',
  load: (model) => new KmeansWindowsDetector(model),
};

class KmeansWindowsDetector implements Detector {
  readonly kind = 'kmeans-windows';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #centres: readonly Float32Array[];
  readonly #normalised: boolean;

  constructor(model: Model) {
    const { clusters, normalised } = readDesign(design, model);
    const cells = model.windowLength * model.channels.length;
    const centres = tensorOf(model, 'centres', [clusters, cells]);
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#normalised = normalised;
    this.#centres = Array.from({ length: clusters }, (_, k) =>
      centres.subarray(k * cells, (k + 1) * cells),
    );
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { width, values } = window;
    const { mean, deviation } = this.#normalised ? momentsOf(values) : { mean: 0, deviation: 1 };
    const shape = values.map((value) => (value - mean) / deviation);
    const centre = nearestCentre(this.#centres, shape);
    const perChannel = new Float32Array(width);
    const square = squaredDistance(centre, shape);
    const value = Math.sqrt(square);
    // The squares are scaled so that they sum to the distance.
    const factor = square === 0 ? 0 : 1 / value;
    shape.forEach((cell, i) => {
      const part = (cell - (centre[i] as number)) ** 2 * factor;
      perChannel[i % width] = (perChannel[i % width] as number) + part;
    });
    const expected = centre.slice(-width).map((cell) => cell * deviation + mean);
    return { value, perChannel, expected };
  }
}

/** The shape of a window: mean 0 and deviation 1 over all cells (divided by n - 1, as in TSB-AD). */
export function normalisedShape(values: Float32Array): Float32Array {
  const { mean, deviation } = momentsOf(values);
  return values.map((value) => (value - mean) / deviation);
}

function momentsOf(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(square / Math.max(1, values.length - 1));
  return { mean, deviation: deviation > FLAT ? deviation : 1 };
}

function nearestCentre(centres: readonly Float32Array[], shape: Float32Array): Float32Array {
  let nearest = centres[0] as Float32Array;
  let least = Infinity;
  for (const centre of centres) {
    const distance = squaredDistance(centre, shape);
    if (distance >= least) continue;
    least = distance;
    nearest = centre;
  }
  return nearest;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}
