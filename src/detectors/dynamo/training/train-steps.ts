// Trains heads for further steps on a trained forecaster, and measures their guards, discounts and correlations.

import { adamw } from '../../../engine/optimisers/adam.ts';
import { type Optimiser, rateGroups } from '../../../engine/optimisers/optimiser.ts';
import type { Program } from '../../../engine/tape/program.ts';
import type { Model } from '../../../models/model.ts';
import { restoreWeights, savedWeights } from '../../../models/network-weights.ts';
import { type Body, type ForecastDesign, ForecastRun } from '../../networks/forecast.ts';
import { fitNetwork } from '../../networks/training/fit-network.ts';
import type { FittingOptions } from '../../networks/training/options.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import { DYNAMO, type DynamoDesign, type SpreadDesign } from '../design.ts';
import {
  correlationsOf,
  discountsOf,
  guardsOf,
  independent,
  measureSteps,
} from './measure-steps.ts';
import type { DynamoOptions } from './options.ts';
import {
  binsOf,
  isHead,
  stepExamples,
  stepNetwork,
  stepTargets,
  stepWindows,
  tokenTensors,
} from './step-network.ts';

export interface TrainedForecaster {
  /** Prefix of its tensor names. */
  readonly name: string;
  readonly body: Body;
  readonly design: ForecastDesign;
  readonly tensors: Model['tensors'];
}

export interface TrainedSteps {
  readonly design: DynamoDesign;
  /** Tensors of the heads and of the forecaster; the latter are unchanged in frozen mode. */
  readonly tensors: Model['tensors'];
  readonly loss: number;
}

export async function trainSteps(
  base: TrainedForecaster,
  data: TrainingData,
  options: { readonly dynamo: DynamoOptions; readonly fitting: FittingOptions },
  context: TrainingContext,
): Promise<TrainedSteps> {
  const { dynamo } = options;
  const { heads } = dynamo;
  const { channels } = data.series;
  const spread = spreadOf(dynamo);
  const windows = stepWindows(data, base.design.rows + heads);
  const shape = { steps: heads, width: channels.length };
  const known =
    spread.variant === 'tokens'
      ? tokenTensors(stepTargets(windows, base.design), shape, spread)
      : independent(heads, channels.length);
  const fitted = await fitHeads(base, known, data, options, context);
  const tensors = { ...base.tensors, ...known, ...fitted.tensors };
  const unguarded = { heads, spread, epsB: dynamo.epsB, literal: dynamo.literal, guards: [] };
  const model = { id: 'in training', channels, design: {}, tensors };
  const run = new ForecastRun(base.name, base.body, base.design, model, context.kernels);
  const measured = await measureSteps(run, unguarded, model, windows, context);
  const width = channels.length;
  return {
    design: { ...unguarded, guards: guardsOf(measured, dynamo.guard) },
    tensors: {
      ...tensors,
      [`${DYNAMO}.discounts`]: discountsOf(measured, heads, width),
      ...(spread.variant === 'gaussian' && {
        [`${DYNAMO}.correlations`]: correlationsOf(measured, heads, width),
      }),
    },
    loss: fitted.loss,
  };
}

async function fitHeads(
  { name, body, design, tensors }: TrainedForecaster,
  known: Model['tensors'],
  data: TrainingData,
  { dynamo, fitting }: { readonly dynamo: DynamoOptions; readonly fitting: FittingOptions },
  context: TrainingContext,
): Promise<Pick<TrainedSteps, 'tensors' | 'loss'>> {
  const spread = spreadOf(dynamo);
  const isFrozen = dynamo.mode === 'frozen';
  const shape = {
    batch: fitting.batch,
    width: data.series.channels.length,
    heads: dynamo.heads,
    spread,
  };
  const gradients = isFrozen ? { own: 0, ofHeads: 0 } : { own: 1, ofHeads: dynamo.gradientRatio };
  const bins = binsOf(known[`${DYNAMO}.bins`]?.data, spread);
  const { program, loss } = await fitNetwork(
    {
      ...stepNetwork(body, design, shape, gradients),
      rows: design.rows + dynamo.heads,
      examplesOf: (table) => stepExamples(table, design, bins),
      begin: ({ parameters }) =>
        restoreWeights(
          parameters.filter((weights) => !isHead(weights)),
          tensors,
          name,
        ),
      optimiserOf: (running) =>
        optimiserOf(running, fitting.weightDecay, isFrozen ? undefined : dynamo.baseRate),
    },
    data,
    { ...fitting, steps: dynamo.steps },
    context,
  );
  const { parameters } = program;
  return {
    tensors: {
      ...(isFrozen
        ? tensors
        : savedWeights(
            parameters.filter((weights) => !isHead(weights)),
            name,
          )),
      ...savedWeights(parameters.filter(isHead), DYNAMO),
    },
    loss,
  };
}

/** AdamW on the heads, and on the forecaster if there is a `baseRate`: its learning rate as a share of the heads' rate. */
function optimiserOf(
  { parameters, weights, gradients }: Program,
  weightDecay: number,
  baseRate: number | undefined,
): Optimiser {
  const first = parameters.find(isHead);
  if (!first) throw new RangeError('there are no heads to train');
  const cut = (first.values.byteOffset - weights.byteOffset) / weights.BYTES_PER_ELEMENT;
  const part = (from: number, to?: number): Optimiser =>
    adamw(
      { weights: weights.subarray(from, to), gradients: gradients.subarray(from, to) },
      { weightDecay },
    );
  const heads = part(cut);
  if (baseRate === undefined) return heads;
  return rateGroups([
    { optimiser: part(0, cut), factor: baseRate },
    { optimiser: heads, factor: 1 },
  ]);
}

function spreadOf(options: DynamoOptions): SpreadDesign {
  const { variant, bins, topK, alpha, blur, otsu, confidence, tolerance } = options;
  return variant === 'tokens'
    ? { variant, bins, topK, alpha, blur, otsu, confidence }
    : { variant, tolerance };
}
