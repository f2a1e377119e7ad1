// Fits a body and a head on it to tell the next rows, and further heads if they are asked for.

import type { Program } from '../../../engine/tape/program.ts';
import type { Model } from '../../../models/model.ts';
import { savedWeights } from '../../../models/network-weights.ts';
import { type TrainedForecaster, trainSteps } from '../../dynamo/training/train-steps.ts';
import type { TrainingData } from '../../scoring/training/data.ts';
import type { WindowTable } from '../../scoring/training/window-table.ts';
import { withHalfProgress } from '../../training/part-progress.ts';
import type { TrainingContext } from '../../training/trainer.ts';
import { type Body, forecastNetwork } from '../forecast.ts';
import type { ForecastDesign } from '../forecast-design.ts';
import { fitNetwork } from './fit-network.ts';
import { forecastExamples } from './forecast-examples.ts';
import { forecastLoss } from './forecast-loss.ts';
import type { ForecastNetworkOptions } from './forecast-options.ts';

export interface ForecastToTrain<Design> {
  /** The prefix of the weights. */
  readonly name: string;
  readonly body: Body;
  readonly design: Design;
}

export interface TrainedForecast<Design> {
  readonly design: Design;
  readonly tensors: Model['tensors'];
  readonly losses: readonly number[];
}

/** Rows of the windows that a forecast is learnt from. */
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
  const { design } = forecast;
  const { dynamo } = options;
  const base = await trainBase(
    forecast,
    data,
    options,
    dynamo ? withHalfProgress(context, 0) : context,
  );
  const { tensors } = base;
  if (!dynamo) return { design, tensors, losses: [base.loss] };
  const steps = await trainSteps(
    base,
    data,
    { dynamo, fitting: options },
    withHalfProgress(context, 1),
  );
  return {
    design: { ...design, dynamo: steps.design },
    tensors: steps.tensors,
    losses: [base.loss, steps.loss],
  };
}

async function trainBase(
  forecast: ForecastToTrain<ForecastDesign>,
  data: TrainingData,
  options: ForecastNetworkOptions,
  context: TrainingContext,
): Promise<TrainedForecaster & { readonly loss: number }> {
  const { name, body, design } = forecast;
  const width = data.series.channels.length;
  const { tape, input, output } = forecastNetwork(body, design, width, options.batch);
  const target = tape.input(output.shape);
  const network = {
    tape,
    loss: forecastLoss(tape, output, target, options.loss),
    inputs: [input, target],
    rows: design.rows + design.horizon,
    examplesOf: (table: WindowTable) => forecastExamples(table, design),
    begin: ({ parameters }: Program) => context.begin?.(parameters),
  };
  const { program, loss } = await fitNetwork(network, data, options, context);
  return { ...forecast, tensors: savedWeights(program.parameters, name), loss };
}
