// The published GON exactly as its code runs (imperial-qore/GON, gen.py and main.py), kept for comparison in the result
// tables. Its discriminator is linear (slope 1) and its training collapses to ln 2; use `gon` for real work. The model's
// scaler scales to [0, 1]; upstream scales before the program starts.
// Departs from upstream: scores the window it is given, whose last row is the newest; upstream's window i ends one
// row early, at i-1. Computed in float32, upstream in float64.
import { z } from 'zod';
import type { Detector, Score } from '../../core/detector.ts';
import { WeightsError } from '../../core/errors.ts';
import type { Window } from '../../core/window.ts';
import type {
  AdamAscent,
  DiscriminatorKernels,
  DiscriminatorShape,
  Kernels,
} from '../../engine/discriminator-kernels.ts';
import type { Floats } from '../../engine/floats.ts';
import { fromTensors } from '../../models/discriminator.ts';
import type { Model } from '../../models/model.ts';
import { type DetectorPlugin, requireShape } from '../detector-plugin.ts';

/** models.py:424 */
export const OFFICIAL_WINDOW = 15;

/** main.py:272: epsilon 1e-4 when scoring, 1e-3 in training; the rest is gen.py:7-27. */
export function officialAscent(epsilon: number): AdamAscent {
  return { rule: 'adam', maxSteps: 100, learningRate: 0.01, target: 0.9, epsilon };
}

/** models.py:417-435; slope 1 because LeakyReLU(True) reads True as its negative slope. */
export function officialShape(width: number): DiscriminatorShape {
  return { inputs: OFFICIAL_WINDOW * width, hidden1: 16, hidden2: 16, slope: 1 };
}

export const gonOfficial: DetectorPlugin = {
  kind: 'gon-official',
  summary: 'the published GON as its code runs, for comparison only',
  load(model, kernels) {
    const design = z.object({ epsilon: z.number().positive() }).safeParse(model.design);
    if (!design.success)
      throw new WeightsError(`model ${model.id} is not a gon-official model: train it again`, {
        code: 'SEN_WGT_DESIGN',
      });
    return new OfficialGon(model, officialAscent(design.data.epsilon), kernels);
  },
};

class OfficialGon implements Detector {
  readonly kind = 'gon-official';
  readonly windowLength = OFFICIAL_WINDOW;
  readonly #model: Model;
  readonly #ascent: AdamAscent;
  readonly #kernels: DiscriminatorKernels;

  constructor(model: Model, ascent: AdamAscent, kernels: Kernels) {
    this.#model = model;
    this.#ascent = ascent;
    this.#kernels = kernels.discriminator(officialShape(model.channels.length), 1);
    fromTensors(model.tensors, 'd', this.#kernels.weights);
  }

  score(window: Window): Score {
    requireShape(window, this.#model);
    const { x, z } = this.#kernels;
    x.set(window.values);
    z.set(window.values);
    this.#kernels.ascend(1, this.#ascent);
    const newest = (window.length - 1) * window.width;
    const perChannel = new Float32Array(window.width);
    const expected = new Float32Array(window.width);
    for (let c = 0; c < window.width; c += 1) {
      const optimised = z[newest + c] as number;
      expected[c] = optimised;
      perChannel[c] = (optimised - (x[newest + c] as number)) ** 2 / window.width;
    }
    return { value: movedNewest(this.#kernels), perChannel, expected };
  }
}

/** Upstream's score: the mean over channels of the squared distance that the newest row moved. */
export function movedNewest({ x, z }: DiscriminatorKernels<Floats>): number {
  const width = x.length / OFFICIAL_WINDOW;
  let sum = 0;
  for (let i = x.length - width; i < x.length; i += 1) {
    sum += ((z[i] as number) - (x[i] as number)) ** 2;
  }
  return sum / width;
}
