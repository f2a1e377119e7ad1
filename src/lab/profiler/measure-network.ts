import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { createRandom } from '../../engine/random.ts';
import { initialiseNetwork } from '../../models/layers.ts';
import { conditionsOf } from './conditions.ts';
import type { Design } from './designs.ts';
import type { ProfilerHost } from './host.ts';
import type { PowerTrace } from './meters/meter.ts';
import { networkBytes, type ProfiledNetwork, recordNetwork } from './network.ts';
import type { Measurement } from './profile.ts';
import type { Yardstick } from './timing.ts';
import { THOROUGH, type Timing, type TimingOptions, timed, warmUp } from './timing.ts';
import type { WatchedMeter } from './watched-meter.ts';

export interface MeasuringTools {
  readonly kernels: Kernels;
  readonly host: ProfilerHost;
  readonly signal: AbortSignal;
  readonly meter?: WatchedMeter | undefined;
  readonly timing?: TimingOptions | undefined;
  readonly yardstick?: Yardstick | undefined;
  /** Processor that the thread is held on. */
  readonly pinnedTo?: number | undefined;
}

/** One design here and now, with energy where there is a meter. Throws as `measureLatency` does. */
export async function measureNetwork(
  { network, coordinates }: Design,
  { kernels, host, signal, meter, timing, yardstick, pinnedTo }: MeasuringTools,
): Promise<Measurement> {
  let trace: PowerTrace | undefined;
  const around =
    meter &&
    (() => {
      const stop = meter.start();
      return async () => {
        trace = await stop();
      };
    });
  const { p50S, p95S, runs, yardstickS, memoryBytes } = await measureLatency(network, {
    kernels,
    signal,
    timing,
    yardstick,
    around,
  });
  const energy = meter?.energyOf(trace, runs);
  return {
    network,
    ...(coordinates && { coordinates: [...coordinates] }),
    p50S,
    p95S,
    runs,
    ...(yardstickS !== undefined && { yardstickS }),
    memoryBytes,
    rssBytes: process.memoryUsage.rss(),
    ...(energy && { energy }),
    conditions: await conditionsOf(host, pinnedTo),
  };
}

interface Latency extends Timing {
  /** Bytes of the network's weights and values in the engine. */
  readonly memoryBytes: number;
}

interface LatencyTask {
  readonly kernels: Kernels;
  readonly signal: AbortSignal;
  readonly timing?: TimingOptions | undefined;
  readonly yardstick?: Yardstick | undefined;
  /** Called between the warm-up and the first counted run; the function it returns is called after the last run or an abort. */
  readonly around?: (() => () => Promise<void>) | undefined;
}

/** Weights and windows are random: the time of a kernel does not depend on its numbers. */
const SEED = 1;

/**
 * Latency of one window after a warm-up, on the engine that a daemon would use, without process start and model loading.
 * Departs from ProTran: its latencies are of whole processes, including the start of Python and the loading of the model.
 * Throws `ConfigError` for invalid shapes, `DeviceError` if memory does not suffice.
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
