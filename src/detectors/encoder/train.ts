// Trains the encoder to reconstruct hidden patches of channels from the visible ones.
// Departs from masked language models: hidden values are not replaced by a token, but set to zero and marked in a mask.

import { z } from 'zod';
import { meanSquaredError } from '../../engine/ops/losses.ts';
import type { Random } from '../../engine/random.ts';
import type { Program } from '../../engine/tape/program.ts';
import type { Pruning } from '../../engine/tape/tape.ts';
import type { Model } from '../../models/model.ts';
import { savedWeights } from '../../models/network-weights.ts';
import { countedBy, dynapropFor, withThresholds } from '../networks/training/dynaprop.ts';
import { fitNetwork } from '../networks/training/fit-network.ts';
import { encoderBodyOptions, fittingOptions, pointOf } from '../networks/training/options.ts';
import { TrainingProducts } from '../networks/training/training-products.ts';
import { InstanceNorm, type Normalisation, normalisation } from '../normalisation.ts';
import {
  halfLivesFor,
  prepare,
  scoringOptions,
  type TrainingData,
} from '../scoring/training/data.ts';
import { pathTrainer } from '../scoring/training/trainer.ts';
import { type WindowTable, windowAt } from '../scoring/training/window-table.ts';
import type { ExampleSet } from '../training/fit/contract.ts';
import type { TrainingContext } from '../training/trainer.ts';
import { encoder as detector } from './encoder.ts';
import {
  ENCODER,
  type EncoderDesign,
  reconstructionNetwork,
  writeHidden,
} from './reconstruction.ts';

/** Training options of the detector of that name. */
const encoderOptions = z.strictObject({
  rows: z.int().min(4).max(256).default(32).describe('Window length').meta({ unit: 'rows' }),
  ...encoderBodyOptions,
  groups: z
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe('Passes per window; each hides the newest patch of a different group of channels'),
  normalisation: normalisation
    .default('none')
    .describe(
      'What is removed from a window before the encoder sees it: nothing, its level, or its level and spread',
    ),
  hiddenShare: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.3)
    .describe('Share of the patches of channels that training hides'),
  ...fittingOptions,
  ...scoringOptions,
});

type EncoderOptions = z.infer<typeof encoderOptions>;

export const encoder = pathTrainer<EncoderOptions>({
  detector,
  options: encoderOptions,
  shortest: ({ rows }) => rows,
  async learn(series, options, context) {
    const { rows, heldBack } = options;
    const data = prepare(series, { heldBack, shortest: rows }, context);
    const { design, tensors, loss } = await trainEncoder(data, options, context);
    return { data, design: { encoder: design }, tensors, losses: [loss] };
  },
});

interface TrainedEncoder {
  readonly design: EncoderDesign;
  readonly tensors: Model['tensors'];
  /** Validation loss. */
  readonly loss: number;
}

async function trainEncoder(
  data: TrainingData,
  options: EncoderOptions,
  context: TrainingContext,
): Promise<TrainedEncoder> {
  const width = data.series.channels.length;
  const design = designOf(options, width);
  const { batch, hiddenShare } = options;
  const build = (pruning?: Readonly<Record<string, Pruning>>) =>
    reconstructionNetwork({ ...design, pruning }, width, { batch, patches: 'all' });
  const dynaprop = dynapropFor(build().tape, options, context);
  const { tape, input, output } = build(dynaprop?.pruning);
  const target = tape.input(output.shape);
  const mask = tape.input(output.shape);
  const network = {
    tape,
    loss: meanSquaredError(tape, output, target, mask),
    inputs: [input, target, mask],
    rows: design.rows,
    begin: ({ parameters }: Program) => context.begin?.(parameters),
    around: dynaprop,
  };
  const products = dynaprop && new TrainingProducts(context.kernels);
  const { program, loss, steps } = await fitNetwork(
    { ...network, examplesOf: (table) => maskedExamples(table, { ...design, hiddenShare }) },
    data,
    options,
    countedBy(products, context),
  );
  return {
    design: withThresholds(design, dynaprop, steps, products),
    tensors: savedWeights(program.parameters, ENCODER),
    loss,
  };
}

/** There cannot be more groups than channels. */
function designOf(
  { point, activation, rows, patch, groups, normalisation }: EncoderOptions,
  width: number,
): EncoderDesign {
  return {
    point: pointOf({ point, activation }),
    rows,
    patch,
    groups: Math.min(groups, width),
    normalisation,
    halfLives: halfLivesFor(patch),
  };
}

// Training examples of the masked encoder: windows with hidden parts, and the mask.
//
// Notation   B batch, T rows, C channels, p rows of a patch, P patches; input (B, T, 2C), target and mask (B, T, C)

interface HidingOptions {
  readonly patch: number;
  /** In the newest patch, one in this many channels is hidden, as in scoring. */
  readonly groups: number;
  /** Share of all other patches of channels that is hidden. */
  readonly hiddenShare: number;
  readonly normalisation: Normalisation;
}

/** Writes input, target and mask; draws a new mask for each sample. */
function maskedExamples(table: WindowTable, options: HidingOptions): ExampleSet['fill'] {
  const { length, width } = table;
  const cells = length * width;
  const norm = new InstanceNorm(options.normalisation, width);
  const x = new Float32Array(cells);
  const sample = new Float32Array(2 * cells);
  return (rows, [input, target, mask], random) => {
    for (const [b, row] of rows.entries()) {
      x.set(windowAt(table, row));
      norm.apply(x, length - options.patch);
      const hidden = hide(length / options.patch, width, options, random);
      const isHidden = (t: number, c: number): boolean =>
        hidden[Math.floor(t / options.patch) * width + c] === 1;
      writeHidden(sample, x, width, isHidden);
      input?.set(sample, b * 2 * cells);
      target?.set(x, b * cells);
      mask?.set(flagsOf(sample, width), b * cells);
    }
  };
}

/** (P, C): 1 where a patch of a channel is hidden. */
function hide(
  patches: number,
  width: number,
  { groups, hiddenShare }: HidingOptions,
  random: Random,
): Uint8Array {
  const newest = (patches - 1) * width;
  return Uint8Array.from({ length: patches * width }, (_, i) =>
    random.uniform() < (i >= newest ? 1 / groups : hiddenShare) ? 1 : 0,
  );
}

/** The second half of each row of a sample, (T, 2C): which cells are hidden. */
function flagsOf(sample: Float32Array, width: number): Float32Array {
  return sample.filter((_, i) => i % (2 * width) >= width);
}
