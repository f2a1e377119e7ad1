// How long one network takes for one window, on the engine that a daemon would use.
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { initialiseNetwork } from '../../models/layers.ts';
import { networkBytes, type ProfiledNetwork, recordNetwork } from './network.ts';
import { THOROUGH, type Timing, type TimingOptions, timed, warmUp } from './timing.ts';
import type { Yardstick } from './yardstick.ts';

export interface Latency extends Timing {
  /** Of the network's weights and values in the engine. */
  readonly memoryBytes: number;
}

export interface LatencyTask {
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
  readonly timing?: TimingOptions | undefined;
  readonly yardstick?: Yardstick | undefined;
  /** Called between the warm-up and the first run that counts; what it returns, after the last, or when it is aborted. */
  readonly around?: (() => () => Promise<void>) | undefined;
}

/** Weights and windows are random: no kernel takes longer for other numbers. */
const SEED = 1;

/**
 * Warm inferences of one window; neither the start of a process nor the loading of a model is among them.
 * Departs from ProTran: its latencies are of whole processes, the start of Python and the loading of the model included.
 * Throws `ConfigError` for shapes that cannot be, `DeviceError` where memory does not suffice.
 */
export async function measureLatency(
  network: ProfiledNetwork,
  { kernels, signal, timing = THOROUGH, yardstick, around }: LatencyTask,
): Promise<Latency> {
  const recorded = recordNetwork(network);
  const { tape, input, output } = recorded;
  const program = kernels.compile(tape, { outputs: [output] });
  const random = createRandom(SEED);
  initialiseNetwork(program.parameters, random);
  const window = program.valuesOf(input);
  for (let i = 0; i < window.length; i += 1) window[i] = random.normal();
  await warmUp(program.forward, timing, signal);
  const end = around?.();
  try {
    const found = await timed(program.forward, timing, signal, yardstick);
    return { ...found, memoryBytes: networkBytes(recorded) };
  } finally {
    await end?.();
  }
}
