import { z } from 'zod';
import type { ForecasterDesign } from '../forecast-design.ts';
import { DEFAULT_POINT, encoderBodyOptions } from './encoder-body.ts';
import { forecastNetworkOptions } from './forecast-options.ts';

/** A time-series transformer that forecasts, and how it is fitted. */
export const forecasterNetworkOptions = z.strictObject({
  ...encoderBodyOptions,
  ...forecastNetworkOptions,
});

export type ForecasterNetworkOptions = z.infer<typeof forecasterNetworkOptions>;

export function forecasterDesignOf({
  point = DEFAULT_POINT,
  patch,
  rows,
  horizon,
  normalisation,
}: ForecasterNetworkOptions): ForecasterDesign {
  return { point, patch, rows, horizon, normalisation };
}
