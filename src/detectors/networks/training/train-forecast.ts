// The trainer of a detector with a single forecasting network.

import type { Program } from '../../../engine/tape/program.ts';
import type { Pruning } from '../../../engine/tape/tape.ts';
import type { Model } from '../../../models/model.ts';
import { savedWeights } from '../../../models/network-weights.ts';
import { type TrainedForecaster, trainSteps } from '../../dynamo/training/train-steps.ts';
import { prepare, type ScoringOptions, type TrainingData } from '../../scoring/training/data.ts';
import { type Learning, pathTrainer } from '../../scoring/training/trainer.ts';
import type { WindowTable } from '../../scoring/training/window-table.ts';
import { type Trainer, type TrainingContext, withHalfProgress } from '../../training/trainer.ts';
import { type Body, type ForecastDesign, forecastNetwork } from '../forecast.ts';
import { countedBy, dynapropFor, withThresholds } from './dynaprop.ts';
import { fitNetwork } from './fit-network.ts';
import { forecastExamples, forecastLoss } from './forecast-examples.ts';
import type { ForecastNetworkOptions } from './options.ts';
import { TrainingProducts } from './training-products.ts';

/** The detector's kind is the key of the design and the prefix of the weight names. */
interface Forecasting<Options, Design> extends Omit<Learning<Options>, 'learn' | 'shortest'> {
  designOf(options: Options): Design;
  bodyOf(design: Design): Body;
}

export function forecastTrainer<
  Options extends ForecastNetworkOptions & ScoringOptions,
  Design extends ForecastDesign,
>({ detector, options: schema, designOf, bodyOf }: Forecasting<Options, Design>): Trainer<Options> {
  const name = detector.kind;
  return pathTrainer<Options>({
    detector,
    options: schema,
    shortest: rowsOf,
    async learn(series, options, context) {
      const { heldBack } = options;
      const data = prepare(series, { heldBack, shortest: rowsOf(options) }, context);
      const untrained = designOf(options);
      const { design, tensors, losses } = await trainForecast(
        { name, body: bodyOf(untrained), design: untrained },
        data,
        options,
        context,
      );
      return { data, design: { [name]: design }, tensors, losses };
    },
  });
}

// Trains a body and a head to forecast the next rows, and further heads if the options ask for them.

interface ForecastToTrain<Design> {
  /** The prefix of the weights. */
  readonly name: string;
  readonly body: Body;
  readonly design: Design;
}

interface TrainedForecast<Design> {
  readonly design: Design;
  readonly tensors: Model['tensors'];
  readonly losses: readonly number[];
}

/** Rows of a training window. */
export function rowsOf({
  rows,
  horizon,
  dynamo,
}: Pick<ForecastNetworkOptions, 'rows' | 'horizon' | 'dynamo'>): number {
  return rows + Math.max(horizon, dynamo?.heads ?? 1);
}

export async function trainForecast<Design extends ForecastDesign>(
  forecast: ForecastToTrain<Design>,
  data: TrainingData,
  options: ForecastNetworkOptions,
  context: TrainingContext,
): Promise<TrainedForecast<Design>> {
  const { dynamo } = options;
  const base = await trainBase(
    forecast,
    data,
    options,
    dynamo ? withHalfProgress(context, 0) : context,
  );
  const { tensors } = base;
  if (!dynamo) return { design: base.design, tensors, losses: [base.loss] };
  const steps = await trainSteps(
    base,
    data,
    { dynamo, fitting: options },
    withHalfProgress(context, 1),
  );
  return {
    design: { ...base.design, dynamo: steps.design },
    tensors: steps.tensors,
    losses: [base.loss, steps.loss],
  };
}

async function trainBase<Design extends ForecastDesign>(
  forecast: ForecastToTrain<Design>,
  data: TrainingData,
  options: ForecastNetworkOptions,
  context: TrainingContext,
): Promise<TrainedForecaster & { readonly design: Design; readonly loss: number }> {
  const { name, body, design } = forecast;
  const build = (pruning?: Readonly<Record<string, Pruning>>) =>
    forecastNetwork(body, { ...design, pruning }, data.series.channels.length, options.batch);
  const dynaprop = dynapropFor(build().tape, options, context);
  const { tape, input, output } = build(dynaprop?.pruning);
  const target = tape.input(output.shape);
  const network = {
    tape,
    loss: forecastLoss(tape, output, target, options.loss),
    inputs: [input, target],
    rows: design.rows + design.horizon,
    examplesOf: (table: WindowTable) => forecastExamples(table, design),
    begin: ({ parameters }: Program) => context.begin?.(parameters),
    around: dynaprop,
  };
  const products = dynaprop && new TrainingProducts(context.kernels);
  const counted = countedBy(products, context);
  const { program, loss, steps } = await fitNetwork(network, data, options, counted);
  return {
    ...forecast,
    design: withThresholds(design, dynaprop, steps, products),
    tensors: savedWeights(program.parameters, name),
    loss,
  };
}
