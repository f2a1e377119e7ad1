// The trainer of a detector that is one forecast.
import type { ZodType } from 'zod';
import type { Body } from '../../../detection/detectors/networks/forecast.ts';
import type { ForecastDesign } from '../../../detection/detectors/networks/forecast-design.ts';
import type { PathPlugin } from '../../../detection/detectors/scoring/plugin.ts';
import { sealModel } from '../../../models/model-file.ts';
import type { Trainer } from '../../trainer.ts';
import { calibrate } from '../scoring/calibration.ts';
import { prepare } from '../scoring/data.ts';
import type { ScoringOptions } from '../scoring/options.ts';
import { trainingCard } from '../training-card.ts';
import type { ForecastNetworkOptions } from './forecast-options.ts';
import { rowsOf, trainForecast } from './train-forecast.ts';

export interface Forecasting<Options, Design> {
  /** Its kind is the key of the design and the prefix of the weights. */
  readonly detector: PathPlugin;
  readonly options: ZodType<Options>;
  designOf(options: Options): Design;
  bodyOf(design: Design): Body;
}

export function forecastTrainer<
  Options extends ForecastNetworkOptions & ScoringOptions,
  Design extends ForecastDesign,
>({ detector, options: schema, designOf, bodyOf }: Forecasting<Options, Design>): Trainer<Options> {
  const name = detector.kind;
  return {
    kind: name,
    options: schema,
    async train(series, options, context) {
      const startedMs = performance.now();
      const { heldBack } = options;
      const { intervalMs } = context;
      const data = prepare(series, { intervalMs, heldBack, shortest: rowsOf(options) });
      const untrained = designOf(options);
      const { design, tensors, losses } = await trainForecast(
        { name, body: bodyOf(untrained), design: untrained },
        data,
        options,
        context,
      );
      const trained = { design: { [name]: design }, tensors };
      const calibrated = await calibrate(detector, trained, data, options, context);
      const card = await trainingCard({
        series,
        seed: context.seed,
        startedMs,
        finalLosses: losses,
      });
      return sealModel({ ...calibrated, card });
    },
  };
}
