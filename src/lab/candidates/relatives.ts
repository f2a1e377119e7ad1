// Trains forecasting networks of one recording from the weights of other ones; only the networks, without scaler and calibration.
import { parseOptions } from '../../core/registry.ts';
import type { Series } from '../../core/series.ts';
import { cnn, cnnDesignOf } from '../../detectors/cnn/train.ts';
import { forecaster, forecasterDesignOf } from '../../detectors/forecaster/train.ts';
import {
  type Body,
  cnnBody,
  encoderBody,
  type ForecastDesign,
} from '../../detectors/networks/forecast.ts';
import type { ForecastNetworkOptions } from '../../detectors/networks/training/options.ts';
import { rowsOf, trainForecast } from '../../detectors/networks/training/train-forecast.ts';
import { prepare, type ScoringOptions } from '../../detectors/scoring/training/data.ts';
import type { Trainer, TrainingContext } from '../../detectors/training/trainer.ts';
import type { CnnPoint } from '../../models/cnn-design.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import type { ModelTensor } from '../../models/model.ts';
import { weightsUnder } from '../../models/network-weights.ts';
import { type CnnRelative, transferCnn } from '../../models/transfer/transfer-cnn.ts';
import {
  type Relative,
  type TransferOptions,
  type Transferred,
  transferWeights,
} from '../../models/transfer/transfer-weights.ts';

type Weights = Parameters<NonNullable<TrainingContext['begin']>>[0];

/** A family whose networks begin with the weights of others; `From` is a network and how it is transferred. */
interface RelativeFamily<Design, From, Options> {
  readonly trainer: Pick<Trainer<Options>, 'kind' | 'options'>;
  designOf(options: Options): ForecastDesign;
  bodyOf(options: Options): Body;
  transfer(from: From, child: { readonly point: Design; readonly weights: Weights }): Transferred;
}

export interface RelativeTask<Design = DesignPoint, From = Relative & TransferOptions> {
  readonly point: Design;
  /** Absent: the weights are random at the start. */
  readonly from?: From;
  /** Options that differ from the shared ones, e.g. `steps`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface TrainedRelative<Design = DesignPoint> {
  readonly point: Design;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
  /** By validation. */
  readonly loss: number;
  readonly transferred?: Transferred;
}

export type TrainRelative<Design = DesignPoint, From = Relative & TransferOptions> = (
  task: RelativeTask<Design, From>,
  context: Pick<TrainingContext, 'seed' | 'signal'> & Partial<Pick<TrainingContext, 'progress'>>,
) => Promise<TrainedRelative<Design>>;

type ForecasterOptions = Parameters<typeof forecaster.train>[1];

interface RelativeData {
  readonly series: Series;
  readonly intervalMs: number;
}

/**
 * `shared` are options of the forecaster, except `point`. The same task and seed give the same bytes. A training throws
 * `CalibrationError` where it diverges, or where the recording is too short.
 */
export function relativesOn(
  data: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative {
  return relativesOf<DesignPoint, Relative & TransferOptions, ForecasterOptions>(
    {
      trainer: forecaster,
      designOf: forecasterDesignOf,
      bodyOf: (options) => encoderBody(forecasterDesignOf(options)),
      transfer: (from, child) => transferWeights(from, child, from),
    },
    data,
    shared,
    kernels,
  );
}

/** Convolutional networks, as `relativesOn` encoders. */
export function cnnRelativesOn(
  data: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative<CnnPoint, CnnRelative> {
  return relativesOf(
    {
      trainer: cnn,
      designOf: cnnDesignOf,
      bodyOf: (options) => cnnBody(cnnDesignOf(options)),
      transfer: transferCnn,
    },
    data,
    shared,
    kernels,
  );
}

function relativesOf<Design, From, Options extends ForecastNetworkOptions & ScoringOptions>(
  { trainer, designOf, bodyOf, transfer }: RelativeFamily<Design, From, Options>,
  { series, intervalMs }: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative<Design, From> {
  const name = trainer.kind;
  const parse = (given: object) => parseOptions(trainer.options, given, `the ${name}`);
  const { heldBack, ...needs } = parse(shared);
  const data = prepare(series, { heldBack, shortest: rowsOf(needs) }, { intervalMs });
  return async ({ point, from, options: own }, { seed, signal, progress = () => undefined }) => {
    const options = parse({ ...shared, ...own, point });
    let transferred: Transferred | undefined;
    const begin = (weights: Weights): void => {
      if (from) transferred = transfer(from, { point, weights });
    };
    const context = { kernels, seed, intervalMs, signal, progress, begin };
    const forecast = { name, body: bodyOf(options), design: designOf(options) };
    const { tensors, losses } = await trainForecast(forecast, data, options, context);
    const trained = { point, tensors: weightsUnder(name, tensors), loss: losses[0] ?? Number.NaN };
    return transferred ? { ...trained, transferred } : trained;
  };
}
