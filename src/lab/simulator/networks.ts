// What can be simulated: the networks of a model, or those of a design without weights; and the values that its tensors have
// for real windows.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { readDesign } from '../../detectors/detector-plugin.ts';
import {
  ENCODER,
  encoderDesign,
  reconstructionNetwork,
  writeHidden,
} from '../../detectors/encoder/reconstruction.ts';
import { gonDesign } from '../../detectors/gon/design.ts';
import {
  type Body,
  cnnBody,
  cnnDesign,
  encoderBody,
  type ForecastDesign,
  forecasterDesign,
  forecastNetwork,
} from '../../detectors/networks/forecast.ts';
import { InstanceNorm, type Normalisation } from '../../detectors/normalisation.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { meanSquaredError } from '../../engine/ops/losses.ts';
import type { Tape } from '../../engine/tape/tape.ts';
import type { Storage, Tensor } from '../../engine/tape/tensor.ts';
import { cnnPointSchema } from '../../models/cnn-design.ts';
import { designPointSchema } from '../../models/design-point.ts';
import type { Model } from '../../models/model.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import { gonWork } from './lowering/discriminator.ts';
import type { Work } from './lowering/graph.ts';
import { lower } from './lowering/index.ts';
import type { Shares } from './zeros.ts';

export type Values = ReadonlyMap<Storage, ArrayLike<number>>;

export interface SimulatedNetwork {
  readonly name: string;
  /** Windows that are computed together. */
  readonly windows: number;
  /** Throws `ConfigError` for a training of what is not trained on a tape. */
  work(mode: 'inference' | 'training'): Work;
  /** What a training that left parts of its products out multiplied, as shares of numbers that are not 0. */
  readonly trainingShares?: Shares;
  /** Values of all tensors for windows of scaled rows, one after the other; absent where there is no tape or no weights. */
  readonly values?: (rows: readonly Float32Array[], kernels: Kernels) => Values;
}

const size = z.int().positive();
const shape = { rows: size, width: size, horizon: size };
const encoderSchema = z.strictObject({ point: designPointSchema, patch: size, ...shape });
const cnnSchema = z.strictObject({ cnn: cnnPointSchema, ...shape });

/** Of a design file, e.g. a network of a profile. Throws `ConfigError` for another content. */
export function networkOfDesign(design: unknown, path: string, windows: number): SimulatedNetwork {
  // Of the two, the one that is meant, so that a fault is named with its place.
  const isCnn = typeof design === 'object' && design !== null && 'cnn' in design;
  const schema = isCnn ? cnnSchema : encoderSchema;
  const parsed = schema.safeParse(design);
  if (!parsed.success) {
    const faults = faultTexts(parsed.error, design, { schema });
    throw new ConfigError(
      `${path} is no design of a network: expected {point, patch, rows, width, horizon} or {cnn, rows, width, horizon}: ${faults.join('; ')}`,
      { code: 'SEN_CFG_SIMULATION' },
    );
  }
  const { data } = parsed;
  const body = 'cnn' in data ? cnnBody({ point: data.cnn }) : encoderBody(data);
  const { tape, output } = forecastNetwork(body, data, data.width, windows);
  return { name: path, windows, work: workOf(tape, output) };
}

/** A forecaster of either family, as profiles and searches name networks: each row is a patch of a convolutional one. */
export interface DesignInShape {
  readonly point: NetworkDesign;
  readonly rows: number;
  readonly width: number;
  readonly patch: number;
  readonly horizon: number;
}

export function networkOfShape(
  { point, patch, ...shape }: DesignInShape,
  name: string,
  windows: number,
): SimulatedNetwork {
  const design = 'layers' in point ? { point, patch, ...shape } : { cnn: point, ...shape };
  return networkOfDesign(design, name, windows);
}

/** Throws `ConfigError` for a model of a detector without networks. */
export function networkOfModel(model: Model, windows: number): SimulatedNetwork {
  const build = builders.get(model.kind);
  if (build) return build(model, windows);
  throw new ConfigError(
    `the model is of the detector ${model.kind}, whose work no accelerator is simulated for: expected one of ${[...builders.keys()].join(', ')}`,
    { code: 'SEN_CFG_SIMULATION' },
  );
}

const builders: ReadonlyMap<string, (model: Model, windows: number) => SimulatedNetwork> = new Map([
  [
    'forecaster',
    (model: Model, windows: number) => {
      const { forecaster: design } = readDesign(forecasterDesign, model);
      return forecasting(model, encoderBody(design), design, windows);
    },
  ],
  [
    'cnn',
    (model: Model, windows: number) => {
      const { cnn: design } = readDesign(cnnDesign, model);
      return forecasting(model, cnnBody(design), design, windows);
    },
  ],
  ['encoder', reconstructing],
  ['gon', searching],
]);

function forecasting(
  model: Model,
  body: Body,
  design: ForecastDesign,
  windows: number,
): SimulatedNetwork {
  const width = model.channels.length;
  const { tape, input, output } = forecastNetwork(body, design, width, windows);
  const { rows, normalisation } = design;
  const place = (window: Float32Array, into: Float32Array): void =>
    into.set(normalised(newest(window, rows * width), { normalisation, width, visible: rows }));
  return {
    ...{ name: model.kind, windows, work: workOf(tape, output), ...sharesOf(design) },
    values: (all, kernels) =>
      tapeValues({ model, prefix: model.kind, tape, input, place, windows: all }, kernels),
  };
}

/** The newest patch is hidden group by group, so each window is a batch of its own. */
function reconstructing(model: Model, windows: number): SimulatedNetwork {
  const { encoder: design } = readDesign(encoderDesign, model);
  const width = model.channels.length;
  const { rows, patch, groups, normalisation } = design;
  const { tape, input, output } = reconstructionNetwork(design, width, {
    batch: windows * groups,
    patches: 'newest',
  });
  const first = rows - patch;
  const place = (window: Float32Array, into: Float32Array): void => {
    const seen = normalised(newest(window, rows * width), { normalisation, width, visible: first });
    for (let g = 0; g < groups; g += 1) {
      const sample = into.subarray(g * 2 * seen.length, (g + 1) * 2 * seen.length);
      writeHidden(sample, seen, width, (t, c) => t >= first && c % groups === g);
    }
  };
  return {
    ...{ name: model.kind, windows, work: workOf(tape, output), ...sharesOf(design) },
    values: (all, kernels) =>
      tapeValues({ model, prefix: ENCODER, tape, input, place, windows: all }, kernels),
  };
}

/** Half of the way back multiplies gradients by weights, half gradients by activations. */
function sharesOf({ trained }: Pick<ForecastDesign, 'trained'>): {
  readonly trainingShares?: Shares;
} {
  if (!trained) return {};
  const { forward, back } = trained;
  const gradient = Math.min(1, (2 * back) / (1 + forward));
  return { trainingShares: { weight: 1, activation: forward, gradient } };
}

/** At the most steps of its ascents. Its training is no tape either, and is not simulated. */
function searching(model: Model, windows: number): SimulatedNetwork {
  const design = readDesign(gonDesign, model);
  return {
    ...{ name: model.kind, windows },
    work(mode) {
      if (mode === 'inference') return gonWork(design, model.channels.length, windows);
      throw new ConfigError(
        'the training of a gon is not simulated, which no tape holds: leave out --mode training',
        { code: 'SEN_CFG_SIMULATION' },
      );
    },
  };
}

/** A training step has the squared error as its loss; all losses cost about the same. */
function workOf(tape: Tape, output: Tensor): SimulatedNetwork['work'] {
  return (mode) => {
    if (mode === 'inference') return lower({ tape, outputs: [output] });
    const before = tape.steps.length;
    const loss = meanSquaredError(tape, output, tape.input(output.shape));
    const steps = [...tape.steps.slice(0, before), ...tape.steps.slice(-1)];
    return lower({ tape: { steps }, outputs: [output], loss });
  };
}

function newest(window: Float32Array, cells: number): Float32Array {
  return window.slice(window.length - cells);
}

function normalised(
  rows: Float32Array,
  {
    normalisation,
    width,
    visible,
  }: { readonly normalisation: Normalisation; readonly width: number; readonly visible: number },
): Float32Array {
  new InstanceNorm(normalisation, width).apply(rows, visible);
  return rows;
}

interface ToRun {
  readonly model: Model;
  readonly prefix: string;
  readonly tape: Tape;
  readonly input: Tensor;
  readonly place: (window: Float32Array, into: Float32Array) => void;
  readonly windows: readonly Float32Array[];
}

/** As many windows as the network takes together. */
function tapeValues(
  { model, prefix, tape, input, place, windows }: ToRun,
  kernels: Kernels,
): Values {
  const steps = tape.steps.filter(({ kind }) => kind !== 'mean-squared-error');
  const tensors = steps.flatMap(({ inputs, output, saved = [] }) => [...inputs, output, ...saved]);
  const known = tensors.filter(({ storage }) => storage.kind !== 'constant' || storage.size > 0);
  const program = kernels.compile(tape, { outputs: known });
  restoreWeights(program.parameters, model.tensors, prefix);
  const cells = program.valuesOf(input);
  const each = cells.length / windows.length;
  if (!Number.isInteger(each) || windows.length === 0) {
    throw new RangeError(
      `${windows.length} windows cannot fill a batch of ${input.shape.join('x')}`,
    );
  }
  for (const [w, window] of windows.entries()) {
    place(window, cells.subarray(w * each, (w + 1) * each));
  }
  program.forward();
  return new Map(
    known.map((tensor) => [tensor.storage, Float32Array.from(program.valuesOf(tensor))]),
  );
}
