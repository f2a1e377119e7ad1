// Forecasting: a body sees rows of a window, and a head on what it makes of the newest ones tells the next rows.
//
// Notation   B batch, T rows seen, C channels, n rows forecast
import { lastRows } from '../../engine/ops/last-rows.ts';
import { Tape } from '../../engine/tape/tape.ts';
import { reshape, type Tensor } from '../../engine/tape/tensor.ts';
import { convolve } from '../../models/cnn.ts';
import { encode } from '../../models/encoder.ts';
import { project } from '../../models/ops/project.ts';
import type { CnnDesign, ForecastDesign, ForecasterDesign } from './forecast-design.ts';

/** (B, T, C) to vectors in the order of time, of which the last tells of the newest rows. Its weights go on the tape. */
export type Body = (tape: Tape, x: Tensor) => Tensor;

export function encoderBody({ point, patch }: Pick<ForecasterDesign, 'point' | 'patch'>): Body {
  return (tape, x) => encode(tape, point, x, { patch });
}

export function cnnBody({ point }: Pick<CnnDesign, 'point'>): Body {
  return (tape, x) => convolve(tape, point, x);
}

export interface ForecastNetwork {
  readonly tape: Tape;
  /** (B, T, C) */
  readonly input: Tensor;
  /** (B, 1, h): what the body makes of the newest rows, which is all that heads read. */
  readonly stem: Tensor;
  /** (B, n, C): the mean of each channel in each of the next rows. */
  readonly output: Tensor;
}

/** Throws `ConfigError` where the body cannot be on so many rows. */
export function forecastNetwork(
  body: Body,
  { rows, horizon }: Pick<ForecastDesign, 'rows' | 'horizon'>,
  width: number,
  batch: number,
): ForecastNetwork {
  const tape = new Tape();
  const input = tape.input([batch, rows, width]);
  const stem = lastRows(tape, body(tape, input), 1);
  const told = project(tape, stem, horizon * width, 'forecast');
  return { tape, input, stem, output: reshape(told, [batch, horizon, width]) };
}
