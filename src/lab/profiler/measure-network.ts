import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { conditionsOf } from './conditions.ts';
import type { Design } from './designs.ts';
import type { ProfilerHost } from './host.ts';
import { measureLatency } from './latency.ts';
import type { PowerTrace } from './meters/meter.ts';
import type { Measurement } from './profile.ts';
import type { TimingOptions } from './timing.ts';
import type { WatchedMeter } from './watched-meter.ts';
import type { Yardstick } from './yardstick.ts';

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
