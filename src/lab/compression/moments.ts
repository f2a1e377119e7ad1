// What a network's parts see on calibration windows: second moments of the inputs of its linear layers, and how far each
// layer turns the vectors that pass it.
//
// Notation   N vectors (all patches of all windows), n columns; x~ = [x, 1], C~ (n+1, n+1) = mean of x~ x~'
import { CalibrationError } from '../../core/errors.ts';
import { eventLoopPause } from '../../detectors/training/trainer.ts';
import { columnsOf, range, rowsOf } from '../../engine/linear-algebra/blocks.ts';
import { type Dense, dense } from '../../engine/linear-algebra/dense.ts';
import { mean, standardDeviation } from '../../engine/statistics.ts';
import type { Step, Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import type { Model } from '../../models/model.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import type { CalibratedNetwork, EncoderNetwork } from './calibrated-networks.ts';
import type { CompressionContext } from './contract.ts';

export interface NetworkMoments {
  /** C~ of the input of the linear layer whose weights have this name. Throws `RangeError` if there is no such layer. */
  of(weights: string): Dense;
  /** 1 - the mean cosine between the vectors before and after each layer: Men et al. 2024, "ShortGPT", eq. 1. */
  readonly influence: readonly number[];
}

/** Windows that run at once. */
const BATCH = 16;
/** Fewer windows say nothing of what is usual. */
export const LEAST_WINDOWS = 20;

/** One pass over the calibration windows. */
export async function networkMoments(
  network: EncoderNetwork,
  tensors: Model['tensors'],
  context: CompressionContext,
): Promise<NetworkMoments> {
  const run = recorded(network);
  const seen = new Map(multiplied(run.tape, ['linear']));
  const streams = network.point.layers.map((_, i) => streamOf(run.tape, i + 1));
  const sums = new Map([...seen].map(([layer, x]) => [layer, new MomentSum(x.shape.at(-1) ?? 1)]));
  const turned = streams.map(() => ({ cosines: 0, count: 0 }));
  const outputs = [...seen.values(), ...streams.flat()];
  await overInputs({ ...run, network, tensors }, outputs, context, (valuesOf) => {
    for (const [layer, x] of seen) sums.get(layer)?.add(valuesOf(x));
    for (const [i, [before, after]] of streams.entries()) {
      addCosines(turned[i] as Turned, valuesOf(before), valuesOf(after), before.shape.at(-1) ?? 1);
    }
  });
  return {
    of: (weights) => momentsIn(sums, weights),
    influence: turned.map(({ cosines, count }) => 1 - cosines / count),
  };
}

/** C~ of what weights are multiplied by, of linear layers and of convolutions over all channels, by the name of the weights. */
export async function inputMoments<Point>(
  network: CalibratedNetwork<Point>,
  tensors: Model['tensors'],
  context: CompressionContext,
): Promise<NetworkMoments['of']> {
  const run = recorded(network);
  const seen = multiplied(run.tape, ['linear', 'conv1d']);
  const sums = new Map(seen.map(([name, x]) => [name, new MomentSum(x.shape.at(-1) ?? 1)]));
  const outputs = seen.map(([, x]) => x);
  await overInputs({ ...run, network, tensors }, outputs, context, (valuesOf) => {
    for (const [name, x] of seen) sums.get(name)?.add(valuesOf(x));
  });
  return (weights) => momentsIn(sums, weights);
}

function momentsIn(sums: ReadonlyMap<string, MomentSum>, weights: string): Dense {
  const sum = sums.get(weights);
  if (!sum) throw new RangeError(`the network has no layer with ${weights}`);
  return sum.mean();
}

/**
 * (h, h) mean of r r' over the rows r that the norms of all layers, of one width h, make: of mean 0 and variance 1, without
 * gain and bias.
 */
export async function normalisedMoments(
  network: EncoderNetwork,
  tensors: Model['tensors'],
  context: CompressionContext,
): Promise<Dense> {
  const run = recorded(network);
  const width = network.point.layers[0]?.hidden ?? 0;
  const read = run.tape.steps.flatMap(({ kind, inputs: [x] }) =>
    kind === 'layer-norm' && x ? [x] : [],
  );
  const sum = new MomentSum(width);
  await overInputs({ ...run, network, tensors }, read, context, (valuesOf) => {
    for (const x of read) sum.add(normalised(valuesOf(x), width));
  });
  const inner = range(0, width); // without the constant
  return columnsOf(rowsOf(sum.mean(), inner), inner);
}

/** Rows of equal numbers become zeros. */
function normalised(rows: Float32Array, width: number): Float64Array {
  const values = Float64Array.from(rows);
  for (let at = 0; at < values.length; at += width) {
    const row = values.subarray(at, at + width);
    const centre = mean(row);
    const spread = standardDeviation(row);
    for (let i = 0; i < width; i++)
      row[i] = spread > 0 ? ((row[i] as number) - centre) / spread : 0;
  }
  return values;
}

type Recorded = Pick<ReturnType<EncoderNetwork['record']>, 'tape' | 'input'>;

interface Run extends Recorded {
  readonly network: Pick<EncoderNetwork, 'name' | 'inputs'>;
  readonly tensors: Model['tensors'];
}

/** Throws `CalibrationError` where there are too few windows. */
function recorded<Point>(network: CalibratedNetwork<Point>): Recorded {
  const { name, inputs } = network;
  if (inputs.count >= LEAST_WINDOWS) return network.record(network.point, BATCH);
  throw new CalibrationError(
    `there are ${inputs.count} unbroken windows for '${name}', a compression needs at least ${LEAST_WINDOWS}: give a longer recording`,
    { code: 'SEN_CAL_TOO_SHORT' },
  );
}

/** Runs the network on all its inputs; `visit` reads the values of tensors that are outputs, after each batch. */
async function overInputs(
  { network, tensors, tape, input }: Run,
  outputs: readonly Tensor[],
  { kernels, signal, progress }: CompressionContext,
  visit: (valuesOf: (x: Tensor) => Float32Array) => void,
): Promise<void> {
  const { name, inputs } = network;
  const program = kernels.compile(tape, { outputs });
  restoreWeights(program.parameters, tensors, name);
  const values = program.valuesOf(input);
  const each = values.length / BATCH;
  const pause = eventLoopPause(signal);
  for (let from = 0; from < inputs.count; from += BATCH) {
    const count = Math.min(BATCH, inputs.count - from);
    for (let b = 0; b < count; b++) {
      inputs.fill(from + b, values.subarray(b * each, (b + 1) * each));
    }
    program.forward();
    visit((x) => program.valuesOf(x).subarray(0, (x.size / BATCH) * count));
    progress((from + count) / inputs.count);
    await pause();
  }
}

/** What is multiplied by weights in steps of these kinds, by the name of the weights. */
function multiplied(
  { steps }: Tape,
  kinds: readonly string[],
): readonly (readonly [string, Tensor])[] {
  return steps.flatMap(({ kind, inputs: [x, weights] }) =>
    kinds.includes(kind) && x && weights?.storage.kind === 'parameter'
      ? [[weights.storage.name, x] as const]
      : [],
  );
}

/** The vectors before and after an encoder layer. */
function streamOf({ steps }: Tape, layer: number): readonly [before: Tensor, after: Tensor] {
  const norm = steps.find((step) => reads(step, `layer${layer}.heads.norm.gain`));
  const output = steps.find((step) => reads(step, `layer${layer}.feed.output.weights`))?.output;
  const sum = steps.find(
    ({ kind, inputs }) =>
      kind === 'add' && inputs.some(({ storage }) => storage === output?.storage),
  );
  const before = norm?.inputs[0];
  if (!before || !sum) throw new RangeError(`the network has no layer ${layer}`);
  return [before, sum.output];
}

function reads({ inputs }: Step, parameter: string): boolean {
  return inputs.some(({ storage }) => storage.kind === 'parameter' && storage.name === parameter);
}

interface Turned {
  cosines: number;
  count: number;
}

function addCosines(sum: Turned, x: Float32Array, y: Float32Array, width: number): void {
  for (let at = 0; at < x.length; at += width) {
    let [xx, xy, yy] = [0, 0, 0];
    for (let i = at; i < at + width; i++) {
      const [a, b] = [x[i] as number, y[i] as number];
      xx += a * a;
      xy += a * b;
      yy += b * b;
    }
    // A vector of zeros is not turned.
    sum.cosines += xx * yy > 0 ? xy / Math.sqrt(xx * yy) : 1;
    sum.count++;
  }
}

/** Sums x~ x~' in double precision. */
export class MomentSum {
  readonly #size: number;
  readonly #sums: Float64Array;
  #count = 0;

  /** `columns` is n. */
  constructor(columns: number) {
    this.#size = columns + 1;
    this.#sums = new Float64Array(this.#size ** 2);
  }

  /** Rows of n numbers. */
  add(rows: ArrayLike<number>): void {
    const width = this.#size - 1;
    const x = new Float64Array(this.#size).fill(1);
    for (let at = 0; at < rows.length; at += width) {
      for (let i = 0; i < width; i++) x[i] = rows[at + i] as number;
      this.#addOne(x);
      this.#count++;
    }
  }

  /** C~. */
  mean(): Dense {
    const size = this.#size;
    const values = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        const value = (this.#sums[i * size + j] as number) / this.#count;
        values[i * size + j] = value;
        values[j * size + i] = value;
      }
    }
    return dense(size, size, values);
  }

  #addOne(x: Float64Array): void {
    for (let i = 0; i < x.length; i++) {
      const factor = x[i] as number;
      if (factor === 0) continue;
      const row = i * this.#size;
      for (let j = 0; j <= i; j++) {
        this.#sums[row + j] = (this.#sums[row + j] as number) + factor * (x[j] as number);
      }
    }
  }
}
