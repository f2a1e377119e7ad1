// The network that is profiled: a design on windows of one shape, with the head of a forecaster, one window at a time.
import { z } from 'zod';
import {
  bodyOf,
  type ForecastNetwork,
  forecastNetwork,
} from '../../detectors/networks/forecast.ts';
import { layOut } from '../../engine/tape/layout.ts';
import { scheduleOf } from '../../engine/tape/schedule.ts';
import { networkDesignSchema } from '../../models/network-family.ts';

export const profiledNetworkSchema = z.strictObject({
  point: networkDesignSchema,
  /** T, rows of a window. */
  rows: z.int().positive(),
  /** C, channels. */
  width: z.int().positive(),
  /** p, rows of a patch; divides T. 1 where the design reads each row. */
  patch: z.int().positive(),
  /** n, rows of the forecast. */
  horizon: z.int().positive(),
});

export type ProfiledNetwork = z.infer<typeof profiledNetworkSchema>;

/** Throws `ConfigError` for invalid shapes. */
export function recordNetwork({
  point,
  rows,
  width,
  patch,
  horizon,
}: ProfiledNetwork): ForecastNetwork {
  return forecastNetwork(bodyOf({ point, patch }), { rows, horizon }, width, 1);
}

/** Bytes of float32 of a compiled network, weights included; the same number as after `compile`, without compiling. */
export function networkBytes({ tape, output }: ForecastNetwork): number {
  const schedule = scheduleOf(tape.steps, [output], undefined);
  return 4 * layOut(tape.parameters, schedule).elements;
}
