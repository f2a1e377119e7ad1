// Trains forecasters of one recording from the weights of other ones; only the networks, without scaler and calibration.
import { parseOptions } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import { forecaster, forecasterDesignOf } from '../../detectors/forecaster/train.ts';
import { encoderBody } from '../../detectors/networks/forecast.ts';
import { rowsOf, trainForecast } from '../../detectors/networks/training/train-forecast.ts';
import { prepare } from '../../detectors/scoring/training/data.ts';
import type { TrainingContext } from '../../detectors/training/trainer.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import { weightsUnder } from '../../models/network-weights.ts';
import {
  type Relative,
  type TransferOptions,
  type Transferred,
  transferWeights,
} from '../../models/transfer/transfer-weights.ts';

export interface RelativeTask {
  readonly point: DesignPoint;
  /** Absent: the weights are random at the start. */
  readonly from?: Relative & TransferOptions;
  /** Options that differ from the shared ones, e.g. `steps`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface TrainedRelative extends Relative {
  /** By validation. */
  readonly loss: number;
  readonly transferred?: Transferred;
}

export type TrainRelative = (
  task: RelativeTask,
  context: Pick<TrainingContext, 'seed' | 'signal'> & Partial<Pick<TrainingContext, 'progress'>>,
) => Promise<TrainedRelative>;

/**
 * `shared` are options of the forecaster, except `point`. The same task and seed give the same bytes. A training throws
 * `CalibrationError` where it diverges, or where the recording is too short.
 */
export function relativesOn(
  { series, intervalMs }: { readonly series: Series; readonly intervalMs: number },
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative {
  const { heldBack, ...needs } = parseOptions(forecaster.options, shared, 'the forecaster');
  const data = prepare(series, { heldBack, shortest: rowsOf(needs) }, { intervalMs });
  const name = forecaster.kind;
  return async ({ point, from, options: own }, { seed, signal, progress = () => undefined }) => {
    const options = parseOptions(
      forecaster.options,
      { ...shared, ...own, point },
      'the forecaster',
    );
    const design = forecasterDesignOf(options);
    let transferred: Transferred | undefined;
    const begin = (weights: Parameters<NonNullable<TrainingContext['begin']>>[0]): void => {
      if (from) transferred = transferWeights(from, { point, weights }, from);
    };
    const context = { kernels, seed, intervalMs, signal, progress, begin };
    const forecast = { name, body: encoderBody(design), design };
    const { tensors, losses } = await trainForecast(forecast, data, options, context);
    const trained = { point, tensors: weightsUnder(name, tensors), loss: losses[0] ?? Number.NaN };
    return transferred ? { ...trained, transferred } : trained;
  };
}
