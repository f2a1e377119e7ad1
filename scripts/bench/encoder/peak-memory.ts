// Peak resident memory (VmHWM of /proc) of each engine in a process of its own: after forward passes of one window, and
// after training steps as well. All of them carry tsx, which a bare one shows.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadKernels } from '../../../src/engine/kernels/load.ts';
import { memoryOf } from '../../process-figures.ts';
import type { Contender } from '../timing.ts';
import type { EncoderContender } from './contender.ts';
import { ownContender } from './own.ts';
import { FORWARDS_PER_SAMPLE, torchContender } from './torch.ts';
import { createEncoderStart } from './workload.ts';

export type MemoryUser = 'bare' | 'kernels' | 'cpu' | 'wasm';

export interface PeakMemory {
  readonly forwardMb: number;
  readonly trainMb: number;
}

const FORWARDS = 200;
const STEPS = 10;

const SELF = fileURLToPath(import.meta.url);

export function peakMemory(user: MemoryUser): PeakMemory {
  const output = execFileSync(process.execPath, ['--import', 'tsx', SELF, user], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output.trim().split('\n').at(-1) as string) as PeakMemory; // printed below
}

if (process.argv[1] === SELF) await printPeaks(process.argv[2] as MemoryUser); // called as above

async function printPeaks(user: MemoryUser): Promise<void> {
  const { forward, train } = await runnersOf(user);
  for (let i = 0; i < FORWARDS; i++) forward();
  const forwardMb = memoryOf('self').peakMb;
  for (let i = 0; i < STEPS; i++) train();
  process.stdout.write(`\n${JSON.stringify({ forwardMb, trainMb: memoryOf('self').peakMb })}\n`);
}

async function runnersOf(user: MemoryUser) {
  if (user === 'bare') return { forward() {}, train() {} };
  const kernels = await loadKernels('wasm-simd');
  const start = createEncoderStart(kernels);
  if (user === 'kernels') return runnable(ownContender(user, kernels, start));
  const { tensorflowContender } = await import('./tensorflow.ts');
  return runnable(await tensorflowContender(user, start));
}

/** Both run here, not in a further process. */
function runnable({ forward, train }: EncoderContender) {
  return { forward: (forward as Contender).run, train: (train as Contender).run };
}

export async function torchPeakMemory(): Promise<PeakMemory> {
  const torch = torchContender(createEncoderStart(await loadKernels('wasm-simd')));
  const [{ sampleUs: forward }, { sampleUs: train }] = [torch.forward, torch.train];
  for (let i = 0; i < FORWARDS / FORWARDS_PER_SAMPLE; i++) await forward();
  const forwardMb = await torch.peakMb();
  for (let i = 0; i < STEPS; i++) await train();
  const trainMb = await torch.peakMb();
  torch.close();
  return { forwardMb, trainMb };
}
