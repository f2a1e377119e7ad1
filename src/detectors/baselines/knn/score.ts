// Distance of a window to the most similar normal windows.
import { z } from 'zod';
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Kernels, NeighbourKernels } from '../../../engine/discriminator-kernels.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape, tensorOf } from '../../detector-plugin.ts';

const design = z.object({ neighbours: z.int().positive(), references: z.int().positive() });

/**
 * Mean Euclidean distance to the k nearest of the remembered windows (T = 1: rows). Ramaswamy et al. 2000, "Efficient
 * algorithms for mining outliers from large data sets", with the mean instead of the k-th distance. A distance is
 * divided among channels in proportion to their squared differences. Exact; one call into the kernels per window.
 */
export const knn: DetectorPlugin = {
  kind: 'knn',
  summary: 'mean distance to the nearest normal windows',
  load: (model, kernels) => new KnnDetector(model, kernels),
};

class KnnDetector implements Detector {
  readonly kind = 'knn';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #kernels: NeighbourKernels;
  readonly #neighbours: number;
  readonly #references: number;

  constructor(model: Model, kernels: Kernels) {
    const { neighbours, references } = readDesign(design, model);
    const inputs = model.windowLength * model.channels.length;
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#references = references;
    this.#neighbours = Math.min(neighbours, references);
    this.#kernels = kernels.neighbours({
      inputs,
      maxRows: references,
      maxBatch: 1,
      maxNeighbours: this.#neighbours,
    });
    this.#kernels.rows.set(tensorOf(model, 'references', [references, inputs]));
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { x, rows, indices, inputs } = this.#kernels;
    x.set(window.values);
    this.#kernels.search(1, this.#references, this.#neighbours);
    const perChannel = new Float32Array(window.width);
    let value = 0;
    for (let place = 0; place < this.#neighbours; place++) {
      const from = (indices[place] as number) * inputs;
      value += addDistance(
        window,
        rows.subarray(from, from + inputs),
        this.#neighbours,
        perChannel,
      );
    }
    const nearest = ((indices[0] as number) + 1) * inputs;
    return { value, perChannel, expected: rows.slice(nearest - window.width, nearest) };
  }
}

/** Adds a neighbour's share of the mean distance to each channel; returns the sum. */
function addDistance(
  { values, width }: Window,
  reference: Float32Array,
  neighbours: number,
  perChannel: Float32Array,
): number {
  const squares = new Float64Array(width);
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = (values[i] as number) - (reference[i] as number);
    squares[i % width] = (squares[i % width] as number) + difference * difference;
    square += difference * difference;
  }
  const distance = Math.sqrt(square) / neighbours;
  if (square === 0) return 0;
  for (let c = 0; c < width; c++) {
    perChannel[c] = (perChannel[c] as number) + distance * ((squares[c] as number) / square);
  }
  return distance;
}
