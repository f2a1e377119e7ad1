// Our engine beside TensorFlow.js and PyTorch on one encoder, and what each kernel gets out of the processor.
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { medianOf, ratioOf, sampleAll } from '../timing.ts';
import { type EncoderContender, requireSameNetwork } from './contender.ts';
import { type KernelRate, kernelRates } from './kernels.ts';
import { ownContender } from './own.ts';
import { type PeakMemory, peakMemory, torchPeakMemory } from './peak-memory.ts';
import { torchContender, torchVersion } from './torch.ts';
import {
  BATCH,
  CHANNELS,
  createEncoderStart,
  FEED_FORWARD,
  HEADS,
  HIDDEN,
  LAYERS,
  ROWS,
} from './workload.ts';

export interface EncoderResult {
  readonly forward: readonly EngineTime[];
  readonly train: readonly EngineTime[];
  readonly memory: readonly ({ readonly name: string } & PeakMemory)[];
  readonly kernels: readonly KernelRate[];
  /** Undefined where there is no PyTorch. */
  readonly torch: string | undefined;
}

export interface EngineTime {
  readonly name: string;
  /** Median microseconds. */
  readonly us: number;
  /** How many times as long as our kernels: the median over the rounds. */
  readonly ratio: number;
}

const FORWARD_ROUNDS = 51;
const TRAIN_ROUNDS = 21;
const KERNEL_ROUNDS = 31;

export async function compareEncoders(): Promise<EncoderResult> {
  const simd = await loadKernels('wasm-simd');
  const kernels = await kernelRates(simd, KERNEL_ROUNDS);
  const start = createEncoderStart(simd);
  const own = ownContender('kernels', simd, start);
  const relaxed = ownContender('kernels, relaxed SIMD', await loadKernels('wasm-relaxed'), start);
  const version = torchVersion();
  const torch = version === undefined ? [] : [torchContender(start)];
  // Loaded only now: whatever TensorFlow.js changes on being imported, plain TypeScript is slower afterwards.
  const { tensorflowContender } = await import('./tensorflow.ts');
  const tensorflow = [
    await tensorflowContender('wasm', start),
    await tensorflowContender('cpu', start),
  ];
  const contenders = [own, relaxed, ...torch, ...tensorflow];
  const expected = await own.results();
  for (const { name, results } of contenders) requireSameNetwork(name, await results(), expected);
  const forward = await timesOf(contenders, 'forward', FORWARD_ROUNDS);
  const train = await timesOf(contenders, 'train', TRAIN_ROUNDS);
  for (const { close } of contenders) close?.();
  return { forward, train, memory: await memoryOf(version), kernels, torch: version };
}

async function timesOf(
  contenders: readonly EncoderContender[],
  what: 'forward' | 'train',
  rounds: number,
): Promise<readonly EngineTime[]> {
  const samples = await sampleAll(
    contenders.map((contender) => contender[what]),
    rounds,
  );
  const [own = []] = samples.values();
  return [...samples].map(([name, times]) => {
    return { name, us: medianOf(times), ratio: ratioOf(times, own) };
  });
}

async function memoryOf(torch: string | undefined) {
  return [
    { name: 'Node with nothing', ...peakMemory('bare') },
    { name: 'kernels', ...peakMemory('kernels') },
    ...(torch === undefined ? [] : [{ name: 'PyTorch, 1 thread', ...(await torchPeakMemory()) }]),
    { name: 'TensorFlow.js, wasm', ...peakMemory('wasm') },
    { name: 'TensorFlow.js, cpu', ...peakMemory('cpu') },
  ];
}

export function encoderTable({ forward, train, memory, kernels, torch }: EncoderResult): string {
  const time = ({ name, us, ratio }: EngineTime) =>
    `    ${name.padEnd(24)} ${us.toFixed(1).padStart(9)} us  ${ratio.toFixed(2)}x`;
  const rate = ({ name, gflops, shareOfPeak }: KernelRate) =>
    `    ${name.padEnd(44)} ${gflops.toFixed(1).padStart(6)} GFLOP/s ${(100 * shareOfPeak).toFixed(0).padStart(4)} %`;
  const size = ({ name, forwardMb, trainMb }: { name: string } & PeakMemory) =>
    `    ${name.padEnd(24)} ${forwardMb.toFixed(0).padStart(9)} MB  ${trainMb.toFixed(0).padStart(4)} MB`;
  return `Encoder: ${ROWS} rows of ${CHANNELS} channels, ${LAYERS} layers of width ${HIDDEN}, ${HEADS} heads, feed-forward ${FEED_FORWARD}; ratios are medians over the rounds
  forward, one window (${FORWARD_ROUNDS} rounds)
${forward.map(time).join('\n')}
  training step with Adam, ${BATCH} windows (${TRAIN_ROUNDS} rounds)
${train.map(time).join('\n')}
  peak memory: forward passes only, and training steps as well
${memory.map(size).join('\n')}
  ${torch === undefined ? 'PyTorch left out: /usr/bin/python3 has no torch' : `PyTorch ${torch}`}
  kernels, and their share of what a WebAssembly loop of independent multiplications and additions gets (${KERNEL_ROUNDS} rounds)
${kernels.map(rate).join('\n')}
`;
}
