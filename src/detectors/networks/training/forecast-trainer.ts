// The trainer of a detector that is one forecast.

import { prepare } from '../../scoring/training/data.ts';
import type { ScoringOptions } from '../../scoring/training/options.ts';
import { type Learning, pathTrainer } from '../../scoring/training/trainer.ts';
import type { Trainer } from '../../training/trainer.ts';
import type { Body } from '../forecast.ts';
import type { ForecastDesign } from '../forecast-design.ts';
import type { ForecastNetworkOptions } from './forecast-options.ts';
import { rowsOf, trainForecast } from './train-forecast.ts';

/** The kind of the detector is the key of the design and the prefix of the weights. */
export interface Forecasting<Options, Design> extends Omit<Learning<Options>, 'learn'> {
  designOf(options: Options): Design;
  bodyOf(design: Design): Body;
}

export function forecastTrainer<
  Options extends ForecastNetworkOptions & ScoringOptions,
  Design extends ForecastDesign,
>({ detector, options: schema, designOf, bodyOf }: Forecasting<Options, Design>): Trainer<Options> {
  const name = detector.kind;
  return pathTrainer({
    detector,
    options: schema,
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
