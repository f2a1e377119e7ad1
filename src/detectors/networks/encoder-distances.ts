// How far the newest patch lies from what the encoder makes of all else. The channels take turns: of each share the
// newest patch is hidden while that of the others is seen, so a channel is told by its past and by its neighbours.
//
// Notation   T rows, C channels, p rows of a patch, G shares of the channels, one sample of the batch each
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import { InstanceNorm } from '../instance-norm.ts';
import type { Distances } from '../scoring/distances.ts';
import type { UnscaledModel } from '../scoring/plugin.ts';
import { RowViews } from '../scoring/views.ts';
import type { EncoderDesign } from './encoder-design.ts';
import { ENCODER, reconstructionNetwork, writeHidden } from './reconstruction.ts';

export class EncoderDistances implements Distances {
  readonly length: number;
  readonly views: RowViews;
  readonly expected: Float32Array;
  readonly #design: EncoderDesign;
  readonly #norm: InstanceNorm;
  /** (T, C): the window as it is, normalised, and as it should have been. */
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
      const told = this.#output[(c % groups) * patch * width + i] as number;
      this.#optimised[firstHidden * width + i] = this.#norm.restore(told, c);
    }
    this.views.read(this.#observed, this.#optimised);
    this.expected.set(this.#optimised.subarray(cells - width));
  }
}
