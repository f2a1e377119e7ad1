// Measures designs on this machine, those that tell most first, until what is known tells of all others.
import { ConfigError, DeviceError } from '../../core/errors.ts';
import { lookUp, type Registry } from '../../core/registry.ts';
import type { Kernels } from '../../engine/discriminator-kernels.ts';
import { LEARNING, type LearningOptions, learnActively } from './active-learning.ts';
import { type NamedRegressor, rankRegressors } from './choose-regressor.ts';
import { FOLDS } from './cross-validation.ts';
import { type Design, viewsOf } from './designs.ts';
import { deviceFacts } from './device-facts.ts';
import type { EngineIdentity } from './engine-identity.ts';
import { type ProfilerHost, thisHost } from './host.ts';
import { type MeasuringTools, measureNetwork } from './measure-network.ts';
import type { Meter } from './meters/meter.ts';
import { measureOps } from './op-table.ts';
import { pinTo } from './pinning.ts';
import { valuesOf } from './predictor.ts';
import { type Measurement, PROFILE_FORMAT, type Profile, TARGETS } from './profile.ts';
import type { TimingOptions } from './timing.ts';
import { watched } from './watched-meter.ts';

export interface ProfilingProgress {
  /** Designs measured so far, and at most. */
  readonly measured: number;
  readonly most: number;
  /** Mean squared error of a held-out quantity so far, in squared parts of its range; undefined in the first sample. */
  readonly error: number | undefined;
  readonly latest: Measurement | undefined;
}

export interface ProfilingTask {
  /** What may be measured; the more kinds of designs, the more the profile can tell of. */
  readonly designs: readonly Design[];
  readonly kernels: Kernels;
  readonly engine: EngineIdentity;
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  readonly seed: number;
  /** What the profile may use to tell of other designs. */
  readonly regressors: Registry<NamedRegressor>;
  /** The one of them whose doubt says what to measure next. */
  readonly learner: string;
  readonly meter?: Meter | undefined;
  /** Processor to hold the measuring thread on. */
  readonly processor?: number | undefined;
  readonly host?: ProfilerHost;
  readonly timing?: TimingOptions | undefined;
  readonly opTiming?: TimingOptions;
  /** How long idle power is measured, milliseconds. */
  readonly idleMs?: number;
  readonly learning?: LearningOptions;
  readonly signal: AbortSignal;
  progress?(progress: ProfilingProgress): void;
}

/**
 * A tenth off, once logarithms are told of latencies that differ by a factor of 25: (ln 1.1 / ln 25)^2. ProTran's 0.005
 * is of the quantity itself, which large networks fill alone.
 */
export const PROFILING: LearningOptions = { ...LEARNING, errorAtMost: 0.0009 };

/**
 * Some seconds a design. Rejects with the signal's reason once it is aborted, with `ConfigError` for designs that cannot
 * be or are too few, and with `DeviceError` where too few fit into memory or the meter does not answer at first; one that
 * goes later only leaves the rest without energy.
 */
export async function profileDevice(task: ProfilingTask): Promise<Profile> {
  const { designs, learning = PROFILING, meter, processor, host = thisHost, signal, idleMs } = task;
  const asked = Math.min(designs.length, learning.most);
  if (asked < FOLDS) {
    throw new ConfigError(
      `a profile of ${asked} designs tells of no other: let it measure ${FOLDS} or more`,
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
    });
  } finally {
    await unpin?.();
  }
}

async function profiled(task: ProfilingTask, tools: MeasuringTools): Promise<Profile> {
  const { engine, measuredAt, seed, regressors, opTiming } = task;
  const { measurements, converged } = await measureSome(task, tools);
  if (measurements.length < FOLDS) {
    throw new DeviceError(
      `memory suffices for ${measurements.length} of the designs, and a profile needs ${FOLDS}: take a space of smaller ones`,
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
    measurements,
    ops: [...(await measureOps(tools.kernels, tools.signal, opTiming))],
    converged,
    regressors: Object.fromEntries(ranked),
  };
}

async function measureSome(
  { designs, regressors, learner, learning = PROFILING, seed, progress }: ProfilingTask,
  tools: MeasuringTools,
): Promise<{ measurements: Measurement[]; converged: boolean }> {
  const measurements: Measurement[] = [];
  const tell = (error: number | undefined): void =>
    progress?.({
      measured: measurements.length,
      most: Math.min(learning.most, designs.length),
      error,
      latest: measurements.at(-1),
    });
  const views = viewsOf(designs);
  const { converged } = await learnActively(
    {
      candidates: views.both ?? views.analytic,
      learn: lookUp(regressors, learner, 'regressor').fit,
      async measure(candidate) {
        const found = await measuredOrTooLarge(designs[candidate] as Design, tools);
        if (!found) return undefined;
        measurements.push(found);
        if (measurements.length < learning.initial) tell(undefined);
        const { p50S, energy } = found;
        return [p50S, energy?.totalJ ?? Number.NaN, energy?.peakPowerW ?? Number.NaN].map(Math.log);
      },
      progress: (_measured, error) => tell(error),
    },
    learning,
    seed,
  );
  return { measurements, converged };
}

/** undefined where the engine has not the memory for it. */
async function measuredOrTooLarge(
  design: Design,
  tools: MeasuringTools,
): Promise<Measurement | undefined> {
  try {
    return await measureNetwork(design, tools);
  } catch (error) {
    // Only `compile` throws it here: a meter that goes is noticed by `watched`.
    if (error instanceof DeviceError) return undefined;
    throw error;
  }
}
