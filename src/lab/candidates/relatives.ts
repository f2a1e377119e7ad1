// Trains forecasting networks of one recording from the weights of other ones; only the networks, without scaler and calibration.
import { lookUp, parseOptions, type Registry, registry } from '../../core/registry.ts';
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
import {
  cnnFamily,
  encoderFamily,
  familyOf,
  type NetworkDesign,
} from '../../models/network-family.ts';
import { weightsUnder } from '../../models/network-weights.ts';
import {
  type CnnLineage,
  type CnnRelative,
  transferCnn,
} from '../../models/transfer/transfer-cnn.ts';
import {
  type Relative,
  type TakenOver,
  type TransferOptions,
  type Transferred,
  transferWeights,
} from '../../models/transfer/transfer-weights.ts';

type Weights = Parameters<NonNullable<TrainingContext['begin']>>[0];

/** A family whose networks begin with the weights of others; `From` is a network and how it is transferred. */
interface RelativeFamily<Design, From, Options> {
  /** That of the networks. */
  readonly kind: string;
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
type CnnOptions = Parameters<typeof cnn.train>[1];

interface RelativeData {
  readonly series: Series;
  readonly intervalMs: number;
}

const encoders: RelativeFamily<DesignPoint, Relative & TransferOptions, ForecasterOptions> = {
  kind: encoderFamily.kind,
  trainer: forecaster,
  designOf: forecasterDesignOf,
  bodyOf: (options) => encoderBody(forecasterDesignOf(options)),
  transfer: (from, child) => transferWeights(from, child, from),
};

/** By a lineage, if there is one. */
const cnns: RelativeFamily<CnnPoint, CnnRelative & { readonly lineage?: CnnLineage }, CnnOptions> =
  {
    kind: cnnFamily.kind,
    trainer: cnn,
    designOf: cnnDesignOf,
    bodyOf: (options) => cnnBody(cnnDesignOf(options)),
    transfer: (from, child) => transferCnn(from, child, from.lineage),
  };

/**
 * `shared` are options of the forecaster, except `point`. The same task and seed give the same bytes. A training throws
 * `CalibrationError` where it diverges, or where the recording is too short.
 */
export function relativesOn(
  data: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative {
  return relativesOf(encoders, data, shared, kernels);
}

/** Convolutional networks, as `relativesOn` encoders. */
export function cnnRelativesOn(
  data: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative<CnnPoint, CnnRelative> {
  return relativesOf(cnns, data, shared, kernels);
}

type AnyRelatives = RelativeFamily<
  NetworkDesign,
  TakenOver,
  ForecastNetworkOptions & ScoringOptions
>;

/** By the kind of the networks. Each is only ever given networks and lineages of its own. */
const families: Registry<AnyRelatives> = registry<AnyRelatives>(
  encoders as unknown as AnyRelatives,
  cnns as unknown as AnyRelatives,
);

/** Networks of a family, as `relativesOn` encoders. */
export function anyRelativesOn(
  kind: string,
  data: RelativeData,
  shared: Readonly<Record<string, unknown>>,
  kernels: TrainingContext['kernels'],
): TrainRelative<NetworkDesign, TakenOver> {
  return relativesOf(lookUp(families, kind, 'family'), data, shared, kernels);
}

/** Overwrites the weights of a network of the same family that another one has; the others stay. */
export function takeOver(
  from: TakenOver,
  child: { readonly point: NetworkDesign; readonly weights: Weights },
): Transferred {
  return lookUp(families, familyOf(child.point).kind, 'family').transfer(from, child);
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
