// Trains a body and a head on it to tell the next rows.
import type { ZodType } from 'zod';
import { type Body, forecastNetwork } from '../../../detection/detectors/networks/forecast.ts';
import type { ForecastDesign } from '../../../detection/detectors/networks/forecast-design.ts';
import type { PathPlugin } from '../../../detection/detectors/scoring/plugin.ts';
import { sealModel } from '../../../models/model-file.ts';
import { savedWeights } from '../../../models/network-weights.ts';
import type { Trainer, TrainingContext } from '../../trainer.ts';
import { type TrainedForecaster, trainSteps } from '../dynamo/train-steps.ts';
import { calibrate } from '../scoring/calibration.ts';
import { prepare, type TrainingData } from '../scoring/data.ts';
import type { WindowTable } from '../scoring/window-table.ts';
import { trainingCard } from '../training-card.ts';
import { fitNetwork } from './fit-network.ts';
import { forecastExamples } from './forecast-examples.ts';
import { forecastLoss } from './forecast-loss.ts';
import type { ForecastOptions } from './forecast-options.ts';

export interface Forecasting<Options, Design> {
  /** Its kind is the key of the design and the prefix of the weights. */
  readonly detector: PathPlugin;
  readonly options: ZodType<Options>;
  designOf(options: Options): Design;
  bodyOf(design: Design): Body;
}

export function forecastTrainer<Options extends ForecastOptions, Design extends ForecastDesign>({
  detector,
  options: schema,
  designOf,
  bodyOf,
}: Forecasting<Options, Design>): Trainer<Options> {
  return {
    kind: detector.kind,
    options: schema,
    async train(series, options, context) {
      const startedMs = performance.now();
      const { heldBack, dynamo } = options;
      const design = designOf(options);
      const rows = design.rows + Math.max(design.horizon, dynamo?.heads ?? 1);
      const data = prepare(series, { intervalMs: context.intervalMs, heldBack, shortest: rows });
      const named = { name: detector.kind, body: bodyOf(design), design };
      const base = await trainBase(named, data, options, context);
      const steps = dynamo && (await trainSteps(base, data, { dynamo, fitting: options }, context));
      const trained = {
        design: { [detector.kind]: { ...design, ...(steps && { dynamo: steps.design }) } },
        tensors: steps?.tensors ?? base.tensors,
      };
      const calibrated = await calibrate(detector, trained, data, options, context);
      const finalLosses = [base.loss, ...(steps ? [steps.loss] : [])];
      const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
      return sealModel({ ...calibrated, card });
    },
  };
}

async function trainBase(
  named: Omit<TrainedForecaster, 'tensors'>,
  data: TrainingData,
  options: ForecastOptions,
  context: TrainingContext,
): Promise<TrainedForecaster & { readonly loss: number }> {
  const { name, body, design } = named;
  const width = data.series.channels.length;
  const { tape, input, output } = forecastNetwork(body, design, width, options.batch);
  const target = tape.input(output.shape);
  const network = {
    tape,
    loss: forecastLoss(tape, output, target, options.loss),
    inputs: [input, target],
    rows: design.rows + design.horizon,
    examplesOf: (table: WindowTable) => forecastExamples(table, design),
  };
  const { program, loss } = await fitNetwork(network, data, options, context);
  return { ...named, tensors: savedWeights(program.parameters, name), loss };
}
