// What a network's parts see on calibration windows: second moments of the inputs of its linear layers, and how far each
// layer turns the vectors that pass it.
//
// Notation   N vectors (all patches of all windows), n columns; x~ = [x, 1], C~ (n+1, n+1) = mean of x~ x~'
import { CalibrationError } from '../../core/errors.ts';
import { eventLoopPause } from '../../detectors/training/trainer.ts';
import { type Dense, dense } from '../../engine/linear-algebra/dense.ts';
import type { Step, Tape } from '../../engine/tape/tape.ts';
import type { Tensor } from '../../engine/tape/tensor.ts';
import type { Model } from '../../models/model.ts';
import { restoreWeights } from '../../models/network-weights.ts';
import type { CompressionContext } from './contract.ts';
import type { EncoderNetwork } from './encoder-networks.ts';

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
  { kernels, signal, progress }: CompressionContext,
): Promise<NetworkMoments> {
  const { name, point, inputs } = network;
  if (inputs.count < LEAST_WINDOWS) {
    throw new CalibrationError(
      `there are ${inputs.count} unbroken windows for '${name}', a compression needs at least ${LEAST_WINDOWS}: give a longer recording`,
      { code: 'SEN_CAL_TOO_SHORT' },
    );
  }
  const { tape, input } = network.record(point, BATCH);
  const seen = new Map(linearInputs(tape));
  const streams = point.layers.map((_, i) => streamOf(tape, i + 1));
  const program = kernels.compile(tape, { outputs: [...seen.values(), ...streams.flat()] });
  restoreWeights(program.parameters, tensors, name);
  const sums = new Map([...seen].map(([layer, x]) => [layer, new MomentSum(x.shape.at(-1) ?? 1)]));
  const turned = streams.map(() => ({ cosines: 0, count: 0 }));
  const values = program.valuesOf(input);
  const each = values.length / BATCH;
  const pause = eventLoopPause(signal);
  for (let from = 0; from < inputs.count; from += BATCH) {
    const count = Math.min(BATCH, inputs.count - from);
    for (let b = 0; b < count; b++) {
      inputs.fill(from + b, values.subarray(b * each, (b + 1) * each));
    }
    program.forward();
    const used = (x: Tensor) => program.valuesOf(x).subarray(0, (x.size / BATCH) * count);
    for (const [layer, x] of seen) sums.get(layer)?.add(used(x));
    for (const [i, [before, after]] of streams.entries()) {
      addCosines(turned[i] as Turned, used(before), used(after), before.shape.at(-1) ?? 1);
    }
    progress((from + count) / inputs.count);
    await pause();
  }
  return {
    of(weights) {
      const sum = sums.get(weights);
      if (!sum) throw new RangeError(`the network has no linear layer with ${weights}`);
      return sum.mean();
    },
    influence: turned.map(({ cosines, count }) => 1 - cosines / count),
  };
}

/** Each linear layer of the network by the name of its weights, with its input. */
function linearInputs({ steps }: Tape): readonly (readonly [string, Tensor])[] {
  return steps.flatMap(({ kind, inputs: [x, weights] }) =>
    kind === 'linear' && x && weights?.storage.kind === 'parameter'
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
