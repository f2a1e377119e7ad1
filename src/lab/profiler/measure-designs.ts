// Measures the designs that improve the predictions most.
import { DeviceError } from '../../core/errors.ts';
import { lookUp, type Registry } from '../../core/registry.ts';
import { type LearningOptions, learnActively } from './active-learning.ts';
import type { NamedRegressor } from './choose-regressor.ts';
import { type Design, viewsOf } from './designs.ts';
import { type MeasuringTools, measureNetwork } from './measure-network.ts';
import type { Measurement } from './profile.ts';
import type { Yardstick } from './timing.ts';
import { isSlowed } from './timing.ts';

export interface ProfilingProgress {
  /** Designs measured so far, and the most that will be. */
  readonly measured: number;
  readonly most: number;
  /** Greatest mean squared error of the held-out quantities, in squared parts of the range; undefined in the first sample. */
  readonly error: number | undefined;
  readonly latest: Measurement | undefined;
  /** Slowed measurements that remain to be repeated; undefined before the last design was measured. */
  readonly slowed?: number;
}

export interface MeasuringTask {
  /** Designs that may be measured; the more varied they are, the more designs the profile can predict. */
  readonly designs: readonly Design[];
  /** Regressors that the profile may use too. */
  readonly regressors: Registry<NamedRegressor>;
  /** Kind of the regressor whose uncertainty chooses the next design. */
  readonly learner: string;
  readonly learning: LearningOptions;
  readonly seed: number;
  progress?(progress: ProfilingProgress): void;
}

export type DesignTools = MeasuringTools & { readonly yardstick: Yardstick };

/** In the order of measurement; without designs that do not fit into memory. */
export async function measureDesigns(
  { designs, regressors, learner, learning, seed, progress }: MeasuringTask,
  tools: DesignTools,
): Promise<{ readonly measurements: readonly Measurement[]; readonly converged: boolean }> {
  const measurements: Measurement[] = [];
  const report = (error: number | undefined, slowed?: number): void =>
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
        if (measurements.length < learning.initial) report(undefined);
        const { p50S, energy } = found;
        return [p50S, energy?.totalJ ?? Number.NaN, energy?.peakPowerW ?? Number.NaN].map(Math.log);
      },
      progress: (_measured, error) => report(error),
    },
    learning,
    seed,
  );
  await measureSlowedAgain(measurements, tools, (left) => report(undefined, left));
  return { measurements, converged };
}

/** The machine may have reached full speed only later: repeats the measurements of a slowed machine once. */
async function measureSlowedAgain(
  measurements: Measurement[],
  tools: DesignTools,
  report: (left: number) => void,
): Promise<void> {
  const slowed = [...measurements.entries()].filter(([, one]) =>
    isSlowed(one.yardstickS ?? 0, tools.yardstick.leastS),
  );
  for (const [done, [row, one]] of slowed.entries()) {
    report(slowed.length - done);
    const again = await measureNetwork(one, tools);
    if (isBetter(again, one)) measurements[row] = again;
  }
}

/** Whether the repetition was less slowed, and has the energy if the first measurement has. */
function isBetter(again: Measurement, one: Measurement): boolean {
  const hasLost = one.energy !== undefined && again.energy === undefined;
  return !hasLost && (again.yardstickS ?? 0) < (one.yardstickS ?? 0);
}

/** Undefined if the engine lacks the memory for it. */
async function measuredOrTooLarge(
  design: Design,
  tools: MeasuringTools,
): Promise<Measurement | undefined> {
  try {
    return await measureNetwork(design, tools);
  } catch (error) {
    // Only `compile` throws it here: `watched` handles a lost meter.
    if (error instanceof DeviceError) return undefined;
    throw error;
  }
}
