// Isolation forest: the number of random cuts that isolate a window.
//
// Notation   trees in one list of nodes; feature (nodes,) cell that is compared, -1 = leaf; threshold (nodes,) cut, or
//   at a leaf the path length from the root; right (nodes,) index of the right child, the left one follows its parent;
//   size (nodes,) training windows that reached the node; c(n) mean path length of n windows
import { z } from 'zod';
import type { Detector, Score } from '../../../core/detector.ts';
import type { Window } from '../../../core/window.ts';
import type { Model } from '../../../models/model.ts';
import { type DetectorPlugin, readDesign, requireShape, tensorOf } from '../../detector-plugin.ts';

const design = z.object({
  roots: z.array(z.int().nonnegative()).min(1),
  nodes: z.int().positive(),
  /** Windows each tree was grown from. */
  sample: z.int().positive(),
});

/**
 * 2^(-mean path / c(sample)), 0 to 1. Liu et al. 2008, "Isolation forest". A cut credits its channel with its
 * information, log2 of parent size over child size; the score is divided among channels in proportion to their credits.
 */
export const isolationForest: DetectorPlugin = {
  kind: 'isolation-forest',
  summary: 'how easily random cuts isolate a window',
  load: (model) => new IsolationForestDetector(model),
};

/** Mean path length of an unsuccessful search among n, exact up to 2 and by its series above, as scikit-learn's. */
export function meanPathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;
}
const EULER = 0.5772156649015329;

class IsolationForestDetector implements Detector {
  readonly kind = 'isolation-forest';
  readonly windowLength: number;
  readonly #model: Model;
  readonly #roots: readonly number[];
  readonly #scale: number;
  readonly #nodes: Readonly<Record<'feature' | 'threshold' | 'right' | 'size', Float32Array>>;

  constructor(model: Model) {
    const { roots, nodes, sample } = readDesign(design, model);
    this.#model = model;
    this.windowLength = model.windowLength;
    this.#roots = roots;
    this.#scale = roots.length * meanPathLength(sample);
    this.#nodes = {
      feature: tensorOf(model, 'feature', [nodes]),
      threshold: tensorOf(model, 'threshold', [nodes]),
      right: tensorOf(model, 'right', [nodes]),
      size: tensorOf(model, 'size', [nodes]),
    };
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const earned = new Float64Array(window.width);
    const path = this.#roots.reduce((sum, root) => sum + this.#descend(root, window, earned), 0);
    const value = 2 ** (-path / this.#scale);
    const total = earned.reduce((sum, bits) => sum + bits, 0);
    const perChannel = Float32Array.from(earned, (bits) =>
      total > 0 ? (value * bits) / total : value / window.width,
    );
    return { value, perChannel };
  }

  /** Path length in one tree; adds the information of each cut to its channel. */
  #descend(root: number, { values, width }: Window, earned: Float64Array): number {
    const { feature, threshold, right, size } = this.#nodes;
    let node = root;
    for (;;) {
      const cell = feature[node] as number;
      const cut = threshold[node] as number;
      if (cell < 0) return cut;
      const child = (values[cell] as number) <= cut ? node + 1 : (right[node] as number);
      const bits = Math.log2((size[node] as number) / (size[child] as number));
      earned[cell % width] = (earned[cell % width] as number) + bits;
      node = child;
    }
  }
}
