// Measures the designs that tell most of all others.
import { DeviceError } from '../../core/errors.ts';
import { lookUp, type Registry } from '../../core/registry.ts';
import { type LearningOptions, learnActively } from './active-learning.ts';
import type { NamedRegressor } from './choose-regressor.ts';
import { type Design, viewsOf } from './designs.ts';
import { type MeasuringTools, measureNetwork } from './measure-network.ts';
import type { Measurement } from './profile.ts';
import { isSlowed } from './timing.ts';
import type { Yardstick } from './yardstick.ts';

export interface ProfilingProgress {
  /** Designs measured so far, and at most. */
  readonly measured: number;
  readonly most: number;
  /** Mean squared error of a held-out quantity so far, in squared parts of its range; undefined in the first sample. */
  readonly error: number | undefined;
  readonly latest: Measurement | undefined;
  /** Those that other work slowed and that are still to be measured again; undefined before the last has been measured. */
  readonly slowed?: number;
}

export interface MeasuringTask {
  /** What may be measured; the more kinds of designs, the more the measurements can tell of. */
  readonly designs: readonly Design[];
  /** Also what the profile may use to tell of other designs. */
  readonly regressors: Registry<NamedRegressor>;
  /** The one of them whose doubt says what to measure next. */
  readonly learner: string;
  readonly learning: LearningOptions;
  readonly seed: number;
  progress?(progress: ProfilingProgress): void;
}

export type DesignTools = MeasuringTools & { readonly yardstick: Yardstick };

/** In the order in which they were measured; without those that do not fit into memory. */
export async function measureDesigns(
  { designs, regressors, learner, learning, seed, progress }: MeasuringTask,
  tools: DesignTools,
): Promise<{ readonly measurements: readonly Measurement[]; readonly converged: boolean }> {
  const measurements: Measurement[] = [];
  const tell = (error: number | undefined, slowed?: number): void =>
    progress?.({
      measured: measurements.length,
      most: Math.min(learning.most, designs.length),
      error,
      latest: measurements.at(-1),
      ...(slowed !== undefined && { slowed }),
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
  await measureSlowedAgain(measurements, tools, (left) => tell(undefined, left));
  return { measurements, converged };
}

/** The machine may have been at its fastest later only: what was measured while it was slower is measured once more. */
async function measureSlowedAgain(
  measurements: Measurement[],
  tools: DesignTools,
  tell: (left: number) => void,
): Promise<void> {
  const slowed = [...measurements.entries()].filter(([, one]) =>
    isSlowed(one.yardstickS ?? 0, tools.yardstick.leastS),
  );
  for (const [done, [row, one]] of slowed.entries()) {
    tell(slowed.length - done);
    const again = await measureNetwork(one, tools);
    if (isBetter(again, one)) measurements[row] = again;
  }
}

/** Less slowed, and not without the energy that a meter told before it was lost. */
function isBetter(again: Measurement, one: Measurement): boolean {
  const hasLost = one.energy !== undefined && again.energy === undefined;
  return !hasLost && (again.yardstickS ?? 0) < (one.yardstickS ?? 0);
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
