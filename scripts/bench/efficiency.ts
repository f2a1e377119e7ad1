// What leaving small operands out of a product saves: each form against the dense kernel, taking turns on the same numbers.
//
// Notation   a (M, K) with a share of zeros, b (K, N); backward: dW (K, N) = x^T dy and dx (R, K) = dy W^T, rows of dy zero
import type { Kernels } from '../../src/engine/discriminator-kernels.ts';
import { loadKernels } from '../../src/engine/kernels/load.ts';
import { createRandom } from '../../src/engine/random.ts';
import type { TapeKernels } from '../../src/engine/tape/kernels.ts';
import { type Pruning, Tape } from '../../src/engine/tape/tape.ts';
import type { Tensor } from '../../src/engine/tape/tensor.ts';
import { dynapropFor, settledStep, trainer } from './encoder/own.ts';
import { createEncoderStart } from './encoder/workload.ts';
import { ratioOf, sampleAll } from './timing.ts';

/** How many times as fast as the dense kernel, by the share of zeros. */
export interface FormSpeeds {
  readonly name: string;
  readonly speeds: Readonly<Record<string, number>>;
  /** The numbers are shares of multiplications, not speeds. */
  readonly isShare?: true;
}

const SHARES = [0, 0.1, 0.2, 0.3, 0.45, 0.5, 0.7, 0.9];
const SHAPES = [
  [64, 64, 256],
  [16, 64, 128],
  [8, 32, 64],
] as const;
/** Rows of a batch, columns before and after a layer. */
const BACKWARD = [
  [1024, 64, 256],
  [1024, 256, 64],
  [2048, 32, 64],
] as const;
/** What training steps leave out beside rows of gradients, and whether some of these are kept by chance. */
const TRAININGS = [
  { activations: 0, stochastic: false },
  { activations: 0, stochastic: true },
  { activations: 0.5, stochastic: false },
] as const;
const ROUNDS = 61;
const STEP_ROUNDS = 15;
const WARM_UP_S = 0.1;
/** Multiplications of a sample. */
const WORK = 8e6;

export async function measureEfficiency(): Promise<readonly FormSpeeds[]> {
  const kernels = await loadKernels('wasm-simd');
  const results: FormSpeeds[] = [];
  for (const [M, K, N] of SHAPES) {
    for (const form of ['columns', 'elements'] as const) {
      const name = `${form.padEnd(9)} ${M}x${K} ${K}x${N}`;
      results.push(await speedsOf(name, kernels, (zeros) => forwardRuns(form, [M, K, N], zeros)));
    }
  }
  for (const [R, K, N] of BACKWARD) {
    const name = `backward  ${R} rows, ${K} to ${N}`;
    results.push(await speedsOf(name, kernels, (zeros) => backwardRuns([R, K, N], zeros)));
  }
  for (const pruning of TRAININGS) results.push(...(await trainingSpeeds(kernels, pruning)));
  return results;
}

interface Runs {
  /** Shapes of the arrays; the first is the one with zeros. */
  readonly arrays: readonly (readonly number[])[];
  readonly fill: (values: Float32Array) => void;
  readonly multiplications: number;
  readonly dense: (k: TapeKernels, at: readonly number[]) => void;
  readonly sparse: (k: TapeKernels, at: readonly number[]) => void;
}

async function speedsOf(
  name: string,
  kernels: Kernels,
  runsOf: (zeros: number) => Runs,
): Promise<FormSpeeds> {
  const speeds: Record<string, number> = {};
  for (const zeros of SHARES) {
    const runs = runsOf(zeros);
    const calls = Math.ceil(WORK / runs.multiplications);
    const contenders = compiled(kernels, runs).map(([each, run]) => ({ name: each, calls, run }));
    const samples = await sampleAll(contenders, ROUNDS, WARM_UP_S);
    const [dense, sparse] = ['dense', 'sparse'].map((each) => samples.get(each) as number[]);
    speeds[zeros] = ratioOf(dense as number[], sparse as number[]);
  }
  return { name, speeds };
}

function compiled(kernels: Kernels, { arrays, fill, dense, sparse }: Runs) {
  const tape = new Tape();
  const tensors = arrays.map((shape) => tape.input(shape));
  const runs: [string, () => void][] = [];
  tape.record({
    kind: 'probe',
    inputs: tensors,
    output: tape.value([1]),
    forward({ kernels: k, at }) {
      const places = tensors.map(at);
      runs.push(['dense', () => dense(k, places)], ['sparse', () => sparse(k, places)]);
      return () => undefined;
    },
  });
  const program = kernels.compile(tape, { outputs: tensors });
  const random = createRandom(1);
  for (const tensor of tensors) {
    const values = program.valuesOf(tensor);
    for (let i = 0; i < values.length; i++) values[i] = 0.1 + random.uniform();
  }
  fill(program.valuesOf(tensors[0] as Tensor));
  return runs;
}

function forwardRuns(
  form: Pruning['form'],
  [M, K, N]: readonly [number, number, number],
  zeros: number,
): Runs {
  return {
    arrays: [
      [M, K],
      [K, N],
      [M, N],
    ],
    multiplications: M * K * N,
    fill(values) {
      const isZero = form === 'elements' ? drawn(M * K, zeros) : drawn(K, zeros);
      for (let i = 0; i < values.length; i++) if (isZero[i % isZero.length]) values[i] = 0;
    },
    dense: (k, [a, b, c] = []) =>
      k.multiply(c as number, N, a as number, K, 1, b as number, N, 0, 0, M, N, K),
    sparse(k, [a, b, c] = []) {
      const multiply = form === 'elements' ? k.multiplyKept : k.multiplyKeptColumns;
      multiply(c as number, N, a as number, K, b as number, N, 0, 0, M, N, K, 0);
    },
  };
}

function backwardRuns([R, K, N]: readonly [number, number, number], zeros: number): Runs {
  return {
    arrays: [[R, N], [R, K], [N, K], [R, K], [K, N], [R]],
    multiplications: 2 * R * K * N,
    fill(values) {
      for (const [row, isZero] of drawn(R, zeros).entries()) {
        if (isZero) values.fill(0, row * N, (row + 1) * N);
      }
    },
    dense(k, places) {
      const [dy, x, w, dx, dw] = places as Six;
      k.multiply(dw, N, x, 1, K, dy, N, dw, N, K, N, R);
      k.multiply(dx, K, dy, N, 1, w, K, dx, K, R, K, N);
    },
    sparse(k, places) {
      const [dy, x, w, dx, dw, list] = places as Six;
      const kept = k.thinRows(list, dy, R, N, 0, 0);
      k.multiplyKeptRows(dw, N, x, 1, K, dy, N, K, N, R, list, kept);
      k.addToKeptRows(dx, K, dy, N, w, K, R, K, N, list, kept);
    },
  };
}

type Six = [number, number, number, number, number, number];

/** Exactly this share of the places, in a random order that is always the same. */
function drawn(count: number, share: number): readonly boolean[] {
  const random = createRandom(2);
  const places = Array.from({ length: count }, (_, i) => ({ i, at: random.uniform() }));
  const chosen = new Set(
    places
      .sort((a, b) => a.at - b.at)
      .slice(0, Math.round(share * count))
      .map(({ i }) => i),
  );
  return Array.from({ length: count }, (_, i) => chosen.has(i));
}

/** The step of the encoder that `--encoder` trains, by the share of the rows of gradients that each product leaves out. */
async function trainingSpeeds(
  kernels: Kernels,
  pruning: (typeof TRAININGS)[number],
): Promise<readonly FormSpeeds[]> {
  const start = createEncoderStart(kernels);
  const speeds: Record<string, number> = {};
  const left: Record<string, number> = {};
  for (const share of SHARES) {
    const sparse = settledStep(kernels, start, dynapropFor(share, pruning));
    left[share] = sparse.skipped;
    const contenders = [
      { name: 'dense', calls: 1, run: trainer(kernels, start, { rate: 0 }) },
      { name: 'sparse', calls: 1, run: sparse.step },
    ];
    const samples = await sampleAll(contenders, STEP_ROUNDS, WARM_UP_S);
    const [dense, pruned] = ['dense', 'sparse'].map((each) => samples.get(each) as number[]);
    speeds[share] = ratioOf(dense as number[], pruned as number[]);
  }
  const { activations, stochastic } = pruning;
  const rows = stochastic ? ', some rows by chance' : '';
  const name = `training step, ${Math.round(100 * activations)} % of activations${rows}`;
  return [
    { name, speeds },
    { name: '  … of all multiplications left out', speeds: left, isShare: true },
  ];
}

export function efficiencyTable(results: readonly FormSpeeds[]): string {
  const heads = SHARES.map((share) => `${Math.round(100 * share)} %`.padStart(7)).join('');
  const lines = results.map(({ name, speeds, isShare }) => {
    const textOf = (value: number) => (isShare ? value.toFixed(2) : `${value.toFixed(2)}x`);
    const cells = SHARES.map((share) => textOf(speeds[share] as number).padStart(7));
    return `    ${name.padEnd(36)}${cells.join('')}`;
  });
  return `Products that leave zeros out: how many times as fast as the dense kernel, medians over ${ROUNDS} rounds; share of zeros
    ${' '.repeat(36)}${heads}
${lines.join('\n')}
`;
}
