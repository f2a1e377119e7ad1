// A small time-series transformer that reconstructs hidden parts of a window; a large reconstruction error is anomalous.

import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import { readDesign } from '../detector-plugin.ts';
import { InstanceNorm } from '../normalisation.ts';
import { type Distances, RowViews } from '../scoring/path.ts';
import { pathPlugin, type UnscaledModel } from '../scoring/plugin.ts';
import {
  ENCODER,
  type EncoderDesign,
  encoderDesign,
  reconstructionNetwork,
  writeHidden,
} from './reconstruction.ts';

export const encoder = pathPlugin({
  kind: 'encoder',
  summary:
    'a time-series transformer that reconstructs hidden channels from the others and from the past',
  paths(model, kernels) {
    const { encoder: design } = readDesign(encoderDesign, model);
    const views = design.halfLives.length;
    const distances = new EncoderDistances(model, design, kernels);
    return [{ name: ENCODER, distances, views, weight: 1 / views }];
  },
});

// The distance between the newest patch and its reconstruction. One pass per group of channels hides the newest patch of
// this group, so the encoder reconstructs a channel from its past and from the other channels.
//
// Notation   T rows, C channels, p rows of a patch, G groups of the channels, one sample of the batch each

class EncoderDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #design: EncoderDesign;
  readonly #norm: InstanceNorm;
  /** (T, C) each: the window, the normalised window, and the reconstructed window. */
  readonly #observed: Float32Array;
  readonly #normed: Float32Array;
  readonly #optimised: Float32Array;
  readonly #input: Float32Array;
  readonly #output: Float32Array;
  readonly #run: () => void;

  /** Throws `WeightsError` when the model lacks the weights of its design. */
  constructor({ channels, tensors }: UnscaledModel, design: EncoderDesign, kernels: Kernels) {
    const width = channels.length;
    const cells = design.rows * width;
    this.length = design.rows;
    this.views = new RowViews(design.rows, width, design.halfLives);
    this.expected = new Float32Array(width);
    this.#design = design;
    this.#norm = new InstanceNorm(design.normalisation, width);
    this.#observed = new Float32Array(cells);
    this.#normed = new Float32Array(cells);
    this.#optimised = new Float32Array(cells);
    const { tape, input, output } = reconstructionNetwork(design, width, {
      batch: design.groups,
      patches: 'newest',
    });
    const program = kernels.compile(tape, { outputs: [output] });
    restoreWeights(program.parameters, tensors, ENCODER);
    this.#input = program.valuesOf(input);
    this.#output = program.valuesOf(output);
    this.#run = program.forward;
  }

  measure(values: Float32Array, end: number): void {
    const { rows, patch, groups } = this.#design;
    const width = this.expected.length;
    const cells = rows * width;
    const firstHidden = rows - patch;
    this.#observed.set(values.subarray(end - cells, end));
    this.#normed.set(this.#observed);
    this.#norm.apply(this.#normed, firstHidden);
    const sample = 2 * cells;
    for (let g = 0; g < groups; g += 1) {
      const into = this.#input.subarray(g * sample, (g + 1) * sample);
      writeHidden(into, this.#normed, width, (t, c) => t >= firstHidden && c % groups === g);
    }
    this.#run();
    this.#optimised.set(this.#observed);
    for (let i = 0; i < patch * width; i += 1) {
      const c = i % width;
      const reconstructed = this.#output[(c % groups) * patch * width + i] as number;
      this.#optimised[firstHidden * width + i] = this.#norm.restore(reconstructed, c);
    }
    this.views.read(this.#observed, this.#optimised);
    this.expected.set(this.#optimised.subarray(cells - width));
  }
}
