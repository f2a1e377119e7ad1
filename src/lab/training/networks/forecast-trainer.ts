// Trains a body and a head on it to tell the next rows.
import type { ZodType } from 'zod';
import { type Body, forecastNetwork } from '../../../detection/detectors/networks/forecast.ts';
import type { ForecastDesign } from '../../../detection/detectors/networks/forecast-design.ts';
import type { PathPlugin } from '../../../detection/detectors/scoring/plugin.ts';
import { huberLoss } from '../../../engine/ops/huber-loss.ts';
import { meanSquaredError } from '../../../engine/ops/mean-squared-error.ts';
import type { Tape } from '../../../engine/tape/tape.ts';
import type { Tensor } from '../../../engine/tape/tensor.ts';
import { sealModel } from '../../../models/model-file.ts';
import { savedWeights } from '../../../models/network-weights.ts';
import type { Trainer } from '../../trainer.ts';
import { calibrate } from '../scoring/calibration.ts';
import { prepare } from '../scoring/data.ts';
import { trainingCard } from '../training-card.ts';
import { fitNetwork } from './fit-network.ts';
import { forecastExamples } from './forecast-examples.ts';
import type { ForecastOptions } from './forecast-options.ts';

/** Errors beyond it, in units of the normalised rows, count straight. */
const HUBER_DELTA = 1;

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
      const { batch, heldBack } = options;
      const design = designOf(options);
      const rows = design.rows + design.horizon;
      const data = prepare(series, { intervalMs: context.intervalMs, heldBack, shortest: rows });
      const width = data.series.channels.length;
      const { tape, input, output } = forecastNetwork(bodyOf(design), design, width, batch);
      const target = tape.input(output.shape);
      const loss = lossOf(tape, output, target, options.loss);
      const examplesOf = (table: Parameters<typeof forecastExamples>[0]) =>
        forecastExamples(table, design);
      const network = { tape, loss, inputs: [input, target], rows, examplesOf };
      const fitted = await fitNetwork(network, data, options, context);
      const trained = {
        design: { [detector.kind]: design },
        tensors: savedWeights(fitted.program.parameters, detector.kind),
      };
      const calibrated = await calibrate(detector, trained, data, options, context);
      const finalLosses = [fitted.loss];
      const card = await trainingCard({ series, seed: context.seed, startedMs, finalLosses });
      return sealModel({ ...calibrated, card });
    },
  };
}

function lossOf(tape: Tape, output: Tensor, target: Tensor, kind: ForecastOptions['loss']): Tensor {
  switch (kind) {
    case 'huber':
      return huberLoss(tape, output, target, HUBER_DELTA);
    case 'squared':
      return meanSquaredError(tape, output, target);
  }
}
