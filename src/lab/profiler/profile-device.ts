// Profiles this machine: measures designs, the most informative first, until the others can be predicted.
import { ConfigError, DeviceError } from '../../core/errors.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { LEARNING, type LearningOptions } from './active-learning.ts';
import { FOLDS, rankRegressors } from './choose-regressor.ts';
import { viewsOf } from './designs.ts';
import { deviceFacts } from './device-facts.ts';
import type { EngineIdentity } from './engine-identity.ts';
import { type ProfilerHost, pinTo, thisHost } from './host.ts';
import { type DesignTools, type MeasuringTask, measureDesigns } from './measure-designs.ts';
import type { Meter } from './meters/meter.ts';
import { measureOps } from './op-table.ts';
import { valuesOf } from './predictor.ts';
import { type Measurement, PROFILE_FORMAT, type Profile, TARGETS } from './profile.ts';
import type { TimingOptions } from './timing.ts';
import { createYardstick } from './timing.ts';
import { watched } from './watched-meter.ts';

export interface ProfilingTask extends Omit<MeasuringTask, 'learning'> {
  readonly kernels: Kernels;
  readonly engine: EngineIdentity;
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  readonly meter?: Meter | undefined;
  /** Processor to pin the measuring thread to. */
  readonly processor?: number | undefined;
  readonly host?: ProfilerHost;
  readonly timing?: TimingOptions | undefined;
  readonly opTiming?: TimingOptions;
  /** How long idle power is measured, milliseconds. */
  readonly idleMs?: number;
  readonly learning?: LearningOptions;
  readonly signal: AbortSignal;
}

/**
 * An error of a tenth in logarithms of latencies that differ by a factor of 25: (ln 1.1 / ln 25)^2. ProTran's 0.005 is an
 * error of the quantity itself, which large networks dominate.
 */
export const PROFILING: LearningOptions = { ...LEARNING, errorAtMost: 0.0009 };

/**
 * Takes some seconds a design. Rejects with the signal's reason once it is aborted, with `ConfigError` for invalid or too few
 * designs, and with `DeviceError` if too few designs fit into memory or the meter does not answer at the start. If the meter
 * is lost later, the remaining designs are measured without energy.
 */
export async function profileDevice(task: ProfilingTask): Promise<Profile> {
  const { designs, learning = PROFILING, meter, processor, host = thisHost, signal, idleMs } = task;
  const asked = Math.min(designs.length, learning.most);
  if (asked < FOLDS) {
    throw new ConfigError(
      `a profile of ${asked} designs cannot predict others: measure ${FOLDS} or more`,
      { code: 'SEN_CFG_PROFILE_FEW' },
    );
  }
  const unpin = processor === undefined ? undefined : await pinTo(processor, host);
  try {
    return await profiled(task, {
      kernels: task.kernels,
      host,
      signal,
      timing: task.timing,
      meter: meter && (await watched(meter, signal, idleMs)),
      pinnedTo: unpin ? processor : undefined,
      yardstick: createYardstick(task.kernels),
    });
  } finally {
    await unpin?.();
  }
}

async function profiled(task: ProfilingTask, tools: DesignTools): Promise<Profile> {
  const { engine, measuredAt, seed, regressors, opTiming } = task;
  const { measurements, converged } = await measureDesigns({ learning: PROFILING, ...task }, tools);
  if (measurements.length < FOLDS) {
    throw new DeviceError(
      `only ${measurements.length} of the designs fit into memory, a profile needs ${FOLDS}: use a space of smaller designs`,
      { code: 'SEN_DEV_MEMORY' },
    );
  }
  const ranked = TARGETS.flatMap((target) => {
    const { rows, y } = valuesOf(target, measurements);
    if (rows.length < FOLDS) return [];
    const views = viewsOf(rows.map((row) => measurements[row] as Measurement));
    return [[target, rankRegressors(views, regressors.values(), y, seed)] as const];
  });
  return {
    format: PROFILE_FORMAT,
    device: deviceFacts(tools.host),
    engine,
    measuredAt,
    seed,
    ...(tools.meter && { meter: tools.meter.describe() }),
    measurements: [...measurements],
    ops: [...(await measureOps(tools.kernels, tools.signal, opTiming, tools.yardstick))],
    converged,
    regressors: Object.fromEntries(ranked),
  };
}
