// The networks of a model that can be narrowed, with the windows that they read in normal operation.
import { z } from 'zod';
import {
  ENCODER,
  encoderDesign,
  reconstructionNetwork,
  writeHidden,
} from '../../detectors/encoder/reconstruction.ts';
import { FORECASTER } from '../../detectors/ensemble/ensemble.ts';
import {
  type Body,
  type CnnDesign,
  cnnBody,
  cnnDesign,
  encoderBody,
  type ForecasterDesign,
  forecasterDesign,
  forecastNetwork,
} from '../../detectors/networks/forecast.ts';
import { InstanceNorm } from '../../detectors/normalisation.ts';
import type { TrainingData } from '../../detectors/scoring/training/data.ts';
import {
  thinned,
  type WindowTable,
  windowAt,
  windowTable,
} from '../../detectors/scoring/training/window-table.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import type { CnnPoint } from '../../models/cnn-design.ts';
import { type DesignPoint, designPointSchema } from '../../models/design-point.ts';
import type { Model } from '../../models/model.ts';
import { type ModelPruning, pruningSchema } from '../../models/pruning.ts';
import type { CompressibleModel } from './contract.ts';

export interface CalibratedNetwork<Point> {
  /** Key of its design and prefix of its tensors. */
  readonly name: string;
  readonly point: Point;
  /** The network with this design, for so many windows at once. */
  record(
    point: Point,
    batch: number,
  ): { readonly tape: Tape; readonly input: Tensor; readonly output: Tensor };
  readonly inputs: NetworkInputs;
}

export type EncoderNetwork = CalibratedNetwork<DesignPoint>;
export type CnnNetwork = CalibratedNetwork<CnnPoint>;

/** Inputs of a network, one after the other. */
export interface NetworkInputs {
  readonly count: number;
  /** Writes the input at this place. */
  fill(place: number, into: Float32Array): void;
}

/** Key of the design of a convolutional network. */
const CNN = 'cnn';

/** Windows at most: the moments of more are the same to three digits. */
const MOST_WINDOWS = 512;

const withPoint = z.looseObject({
  point: designPointSchema,
  pruning: pruningSchema.optional(),
});

/** None if the model has no time-series transformer. Throws `WeightsError` if a design is damaged. */
export function encoderNetworks(
  { kind, channels, design }: Pick<CompressibleModel, 'kind' | 'channels' | 'design'>,
  data: TrainingData,
): readonly EncoderNetwork[] {
  const width = channels.length;
  if (kind === ENCODER) return [reconstructing(design, data, width)];
  if (design[FORECASTER] === undefined) return [];
  return [forecasting(forecasterDesign.parse(design).forecaster, data, width)];
}

/** Undefined if the model has no convolutional network. Throws `WeightsError` if its design is damaged. */
export function cnnNetwork(
  { channels, design }: Pick<CompressibleModel, 'channels' | 'design'>,
  data: TrainingData,
): CnnNetwork | undefined {
  if (design[CNN] === undefined) return undefined;
  const { cnn } = cnnDesign.parse(design);
  return {
    name: CNN,
    point: cnn.point,
    ...windowsOf(cnn, (point: CnnPoint) => ({ body: cnnBody({ point }) }), data, channels.length),
  };
}

/** The design with another convolutional network; the thresholds of its operands stay, for the numbers of what is left are the same. */
export function designWithCnn(design: Model['design'], point: CnnPoint): Model['design'] {
  return { ...design, [CNN]: { ...z.looseObject({}).parse(design[CNN]), point } };
}

/** The design with other layers in one of its networks. */
export function designWith(
  design: Model['design'],
  { name, point: before }: Pick<EncoderNetwork, 'name' | 'point'>,
  point: DesignPoint,
): Model['design'] {
  const { pruning, ...others } = withPoint.parse(design[name]);
  const own = { ...others, point };
  const kept = pruning && { pruning: keptThresholds(pruning, before, point) };
  return { ...design, [name]: { ...own, ...kept } };
}

/**
 * Drops all thresholds if the vectors between layers are other numbers now, else those of each changed head: its queries and
 * values are other numbers, and a head with a matrix between queries and keys has lost it and has another name.
 */
function keptThresholds(
  pruning: ModelPruning,
  before: DesignPoint,
  after: DesignPoint,
): ModelPruning {
  const isTurned = after.layers.some(({ hidden }, l) => hidden !== before.layers[l]?.hidden);
  if (isTurned) return {};
  const changed = after.layers.flatMap(({ heads }, l) =>
    heads === before.layers[l]?.heads ? [] : [`layer${l + 1}.heads`],
  );
  const entries = Object.entries(pruning).filter(
    ([name]) => !changed.some((prefix) => name.startsWith(prefix)),
  );
  return Object.fromEntries(entries);
}

function forecasting(design: ForecasterDesign, data: TrainingData, width: number): EncoderNetwork {
  const { point, pruning = {} } = design;
  const lean = (own: DesignPoint) => ({
    body: encoderBody({ ...design, point: own }),
    pruning: keptThresholds(pruning, point, own),
  });
  return { name: FORECASTER, point, ...windowsOf(design, lean, data, width) };
}

/** `lean` is what a forecaster with another design differs in. */
function windowsOf<Point>(
  design: Omit<CnnDesign, 'point'>,
  lean: (point: Point) => { readonly body: Body; readonly pruning?: ModelPruning },
  data: TrainingData,
  width: number,
): Pick<CalibratedNetwork<Point>, 'record' | 'inputs'> {
  const { rows, normalisation } = design;
  const table = calibrationWindows(data, rows);
  const norm = new InstanceNorm(normalisation, width);
  return {
    record(point, batch) {
      const { body, ...own } = lean(point);
      return forecastNetwork(body, { ...design, ...own }, width, batch);
    },
    inputs: {
      count: table.starts.length,
      fill(place, into) {
        into.set(windowAt(table, place));
        norm.apply(into, rows);
      },
    },
  };
}

function reconstructing(whole: Model['design'], data: TrainingData, width: number): EncoderNetwork {
  const { encoder: design } = encoderDesign.parse(whole);
  const { rows, patch, groups, normalisation, point, pruning = {} } = design;
  const table = calibrationWindows(data, rows);
  const norm = new InstanceNorm(normalisation, width);
  const x = new Float32Array(rows * width);
  const firstHidden = rows - patch;
  return {
    name: ENCODER,
    point,
    record(own, batch) {
      const lean = { ...design, point: own, pruning: keptThresholds(pruning, point, own) };
      return reconstructionNetwork(lean, width, { batch, patches: 'newest' });
    },
    inputs: {
      // As in scoring: each window once for each group of channels, which is hidden in the newest patch.
      count: table.starts.length * groups,
      fill(place, into) {
        const group = place % groups;
        x.set(windowAt(table, Math.floor(place / groups)));
        norm.apply(x, firstHidden);
        writeHidden(into, x, width, (t, c) => t >= firstHidden && c % groups === group);
      },
    },
  };
}

function calibrationWindows(data: TrainingData, rows: number): WindowTable {
  return thinned(windowTable(data, rows, [0, data.cut]), MOST_WINDOWS);
}
