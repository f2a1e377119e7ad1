// GPTran's pruning of a trained transformer: blocks of least weight are left out round by round, heads and feed-forward columns in
// turns, until so many numbers are left. Tuli and Jha 2024, "EdgeTran". What a growth does besides, training between rounds, is
// the caller's.
import {
  ENCODER,
  encoderDesign,
  reconstructionNetwork,
} from '../../src/detectors/encoder/reconstruction.ts';
import {
  encoderBody,
  forecasterDesign,
  forecastNetwork,
} from '../../src/detectors/networks/forecast.ts';
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { NamedWeights } from '../../src/engine/tape/program.ts';
import { numbersIn } from '../../src/lab/compression/lean-model.ts';
import { encoderGrowth } from '../../src/lab/search/gptran/encoder-modes.ts';
import { pruneFeedForward, pruneHead } from '../../src/lab/search/gptran/encoder-prune.ts';
import type { DesignPoint } from '../../src/models/design-point.ts';
import type { Model, ModelTensor } from '../../src/models/model.ts';
import { weightsUnder } from '../../src/models/network-weights.ts';
import { type Relative, transferWeights } from '../../src/models/transfer/transfer-weights.ts';

const OPTIONS = encoderGrowth.options.parse({});
const MODES = [pruneHead, pruneFeedForward];

/** Learning rate after a pruning of heads, as GPTran has it. */
export const GPTRAN_RATE = OPTIONS.learningRate;

interface Pruned {
  readonly point: DesignPoint;
  /** By the names that they have on the tape. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** The encoder or forecaster with at most so many numbers, or with the fewest that pruning leaves. */
export function blocksPruned(model: Model, numbers: number, kernels: Kernels): Pruned {
  const weightsOf = weightsFor(model, kernels);
  let network = networkOf(model, weightsOf);
  const others = numbersIn(model) - numbersIn(network);
  let vain = 0;
  for (let round = 0; numbersIn(network) + others > numbers && vain < MODES.length; round++) {
    const [child] =
      MODES[round % MODES.length]?.offspring(network, {
        ...{ options: OPTIONS, random: createRandom(0), patches: 1, tried: new Set<string>() },
      }) ?? [];
    vain = child ? 0 : vain + 1;
    if (!child) continue;
    const { point, lineage } = child;
    const weights = weightsOf(point);
    const { weights: known, of } = transferWeights(
      network,
      { point, weights },
      { mode: OPTIONS.transfer, lineage, seed: 0 },
    );
    if (known < of) throw new RangeError(`${of - known} numbers are not those of the network`);
    network = { point, tensors: tensorsOf(weights) };
  }
  const kept = Object.entries(network.tensors);
  return { point: network.point, weights: new Map(kept.map(([name, { data }]) => [name, data])) };
}

type WeightsOf = (point: DesignPoint) => readonly NamedWeights[];

function networkOf({ kind, design, tensors }: Model, weightsOf: WeightsOf): Relative {
  const { point } =
    kind === ENCODER
      ? encoderDesign.parse(design).encoder
      : forecasterDesign.parse(design).forecaster;
  const own = weightsUnder(kind, tensors);
  const names = weightsOf(point).map(({ name }) => name);
  return { point, tensors: Object.fromEntries(names.map((name) => [name, tensorAt(own, name)])) };
}

function tensorAt(tensors: Relative['tensors'], name: string): ModelTensor {
  const tensor = tensors[name];
  if (!tensor) throw new RangeError(`the model has no tensor ${name}`);
  return tensor;
}

function tensorsOf(weights: readonly NamedWeights[]): Relative['tensors'] {
  return Object.fromEntries(
    weights.map(({ name, shape, values }) => [name, { shape, data: values.slice() }]),
  );
}

/** The weights of the model's network with another design, of any values. */
function weightsFor({ kind, design, channels }: Model, kernels: Kernels): WeightsOf {
  const width = channels.length;
  return (point) => {
    if (kind === ENCODER) {
      const own = { ...encoderDesign.parse(design).encoder, point };
      const { tape, output } = reconstructionNetwork(own, width, { batch: 1, patches: 'all' });
      return kernels.compile(tape, { outputs: [output] }).parameters;
    }
    const { forecaster } = forecasterDesign.parse(design);
    const { tape, output } = forecastNetwork(
      encoderBody({ ...forecaster, point }),
      forecaster,
      width,
      1,
    );
    return kernels.compile(tape, { outputs: [output] }).parameters;
  };
}
