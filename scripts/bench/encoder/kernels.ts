// Each heavy kernel by itself, at the shapes of the encoder that is trained: how much of the processor's peak it gets.
//
// Notation   R rows of a batch, h width of a layer, f of its feed-forward stack, T rows of a window, d columns of a head
import type { Kernels } from '../../../src/engine/discriminator-kernels.ts';
import { attention } from '../../../src/engine/ops/attention.ts';
import type { TapeKernels } from '../../../src/engine/tape/kernels.ts';
import { Tape } from '../../../src/engine/tape/tape.ts';
import { compilePeak, PEAK_FLOP } from '../peak.ts';
import { type Contender, medianOf, sampleAll } from '../timing.ts';
import { BATCH, EPSILON, FEED_FORWARD as f, HEADS, HIDDEN as h, ROWS as T } from './workload.ts';

const R = BATCH * T;
const d = h / HEADS;
const WARM_UP_S = 0.2;

export interface KernelRate {
  readonly name: string;
  /** Medians. */
  readonly gflops: number;
  readonly shareOfPeak: number;
}

/** One kernel on four arrays of so many floats, which hold any numbers. */
interface Probe {
  readonly name: string;
  /** Additions, multiplications, divisions and comparisons of one call, as its code has them. */
  readonly flop: number;
  readonly run: (kernels: TapeKernels, to: number, a: number, b: number, c: number) => void;
}

const FLOATS = R * f;
const OF_EXPONENTIAL = 21;

const probes: readonly Probe[] = [
  {
    name: `product, layer             ${R}x${h} ${h}x${h}`,
    flop: 2 * R * h * h,
    run: (k, to, a, b, c) => k.multiply(to, h, a, h, 1, b, h, c, 0, R, h, h),
  },
  {
    name: `product, wide layer        ${R}x${h} ${h}x${f}`,
    flop: 2 * R * h * f,
    run: (k, to, a, b, c) => k.multiply(to, f, a, h, 1, b, f, c, 0, R, f, h),
  },
  {
    name: `product, into the input    ${R}x${h} ${h}x${h}`,
    flop: 2 * R * h * h,
    run: (k, to, a, b) => k.multiply(to, h, a, h, 1, b, h, to, h, R, h, h),
  },
  {
    name: `product, into the weights  ${h}x${R} ${R}x${h}`,
    flop: 2 * R * h * h,
    run: (k, to, a, b) => k.multiply(to, h, a, 1, h, b, h, to, h, h, h, R),
  },
  {
    name: `product, scores            ${T}x${d} ${d}x${T}`,
    flop: 2 * T * T * d,
    run: (k, to, a, b) => k.multiply(to, T, a, h, 1, b, T, 0, 0, T, T, d),
  },
  {
    name: `product, mixed values      ${T}x${T} ${T}x${d}`,
    flop: 2 * T * T * d,
    run: (k, to, a, b) => k.multiply(to, h, a, T, 1, b, h, 0, h, T, d, T),
  },
  {
    name: `sum of rows                ${R}x${h}`,
    flop: R * h,
    run: (k, to, a) => k.addRows(to, a, h, R, h),
  },
  {
    name: `softmax                    ${R}x${T}`,
    flop: R * T * (OF_EXPONENTIAL + 5),
    run: (k, to, a) => k.softmaxRows(to, a, R, T, 0.25, 0),
  },
  {
    name: `softmax, back              ${R}x${T}`,
    flop: R * T * 5,
    run: (k, to, a, b) => k.softmaxBack(to, a, b, 0, R, T, 0.25),
  },
  {
    name: `layer norm                 ${R}x${h}`,
    flop: R * h * 8,
    run: (k, to, a, b, c) => k.normaliseRows(to, c, a, b, b, R, h, EPSILON),
  },
  {
    name: `layer norm, back           ${R}x${h}`,
    flop: R * h * 14,
    run: (k, to, a, b, c) => k.normaliseRowsBack(to, a, b, b, c, R, h),
  },
  {
    name: `layer norm, into weights   ${R}x${h}`,
    flop: R * h * 5,
    run: (k, to, a, b, c) => k.normaliseWeightsBack(to, to + h, a, b, c, R, h),
  },
  {
    name: `gelu                       ${R}x${f}`,
    flop: R * f * (OF_EXPONENTIAL + 26),
    run: (k, to, a, b) => k.gelu(to, b, a, R * f),
  },
];

/** The kernels take turns with the peak, which neighbours on the machine lower as well. */
export async function kernelRates(kernels: Kernels, rounds: number): Promise<KernelRate[]> {
  const peak: Contender = { name: 'peak', calls: 1, run: compilePeak() };
  const measured = [
    { name: peak.name, flop: PEAK_FLOP, run: peak.run },
    ...probes.map((probe) => contender(kernels, probe)),
    ...attentions(kernels),
  ];
  const contenders = measured.map(({ name, flop, run }) => {
    return { name, calls: Math.ceil(PEAK_FLOP / flop), run };
  });
  const samples = await sampleAll(contenders, rounds, WARM_UP_S);
  const perUs = (name: string, flop: number): number[] =>
    (samples.get(name) as number[]).map((us) => flop / us);
  const most = perUs(peak.name, PEAK_FLOP);
  return measured.map(({ name, flop }) => {
    const rates = perUs(name, flop);
    const shares = rates.map((rate, round) => rate / (most[round] as number));
    return { name, gflops: medianOf(rates) / 1000, shareOfPeak: medianOf(shares) };
  });
}

function contender(kernels: Kernels, { name, flop, run }: Probe) {
  const tape = new Tape();
  const arrays = ['to', 'a', 'b', 'c'].map(() => tape.input([FLOATS])) as Four;
  tape.record({
    kind: 'probe',
    inputs: arrays,
    output: tape.value([1]),
    forward({ kernels, at }) {
      const [to, a, b, c] = arrays.map(at) as [number, number, number, number];
      return () => run(kernels, to, a, b, c);
    },
  });
  const program = kernels.compile(tape, { outputs: arrays });
  for (const array of arrays) program.valuesOf(array).forEach(spread);
  return { name, flop, run: () => program.forward() };
}

type Four = [ReturnType<Tape['input']>, ...ReturnType<Tape['input']>[]];

/** Between 0 and 1, so that no sum grows out of the floats. */
function spread(_: number, i: number, values: Float32Array): void {
  values[i] = ((i * 7919) % 1000) / 1000;
}

/** Forward, and forward with the way back. */
function attentions(kernels: Kernels) {
  const products = 4 * R * T * h;
  const softmax = R * HEADS * T * (OF_EXPONENTIAL + 5);
  const forward = products + softmax;
  const tape = new Tape();
  const inputs = ['q', 'k', 'v'].map(() => tape.input([BATCH, T, h], { gradient: true })) as Three;
  const mixed = attention(tape, ...inputs, { heads: HEADS });
  const program = kernels.compile(tape, { outputs: [mixed], loss: mixed });
  for (const input of inputs) program.valuesOf(input).forEach(spread);
  return [
    { name: `attention                  ${BATCH}x${T}x${h}`, flop: forward, run: program.forward },
    {
      name: `attention, both ways       ${BATCH}x${T}x${h}`,
      flop: forward + 2 * products + R * HEADS * T * 5,
      run() {
        program.forward();
        program.backward();
      },
    },
  ];
}

type Three = [Four[0], Four[0], Four[0]];
