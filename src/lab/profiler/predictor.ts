// Predicts the cost of designs from a profile.
import { ConfigError } from '../../core/errors.ts';
import { lookUp, type Registry } from '../../core/registry.ts';
import {
  type Points,
  type Prediction,
  pointsAt,
  type Regressor,
} from '../../engine/regression/regressor.ts';
import type { NamedRegressor } from './choose-regressor.ts';
import { onLogarithms } from './choose-regressor.ts';
import { type View, type Views, viewsOf } from './designs.ts';
import { devices } from './devices.ts';
import { modelledPower } from './modelled-device.ts';
import { networkBytes, recordNetwork } from './network.ts';
import type { Estimate, Predicted, Predictor } from './profile.ts';
import { type Measurement, measuredValue, type Profile, TARGETS, type Target } from './profile.ts';

/**
 * Fits, for each quantity, the regressor that predicted it best. If no meter was read and the table of devices has the power,
 * energy and power are modelled and marked so. The same profile gives the same predictor. Throws `ConfigError` if the
 * profile names an unknown regressor.
 */
export function predictorOf(profile: Profile, regressors: Registry<NamedRegressor>): Predictor {
  const fitted = TARGETS.flatMap((target) => fittedTo(target, profile, regressors) ?? []);
  const device = devices.get(profile.device.kind);
  return {
    predict(designs) {
      if (designs.length === 0) return [];
      const views = viewsOf(designs);
      const told = fitted.map(({ target, features, regressor }) => ({
        target,
        ...regressor.predict(viewNamed(views, features)),
      }));
      return designs.map(({ network }, i): Predicted => {
        const estimates: { readonly [T in Target]?: Estimate } = Object.fromEntries(
          told.map((one) => [one.target, estimateAt(one, i)]),
        );
        const seconds = estimates.p50S?.mean;
        return {
          ...(device && seconds !== undefined && modelledPower(device, seconds)),
          ...estimates,
          memoryBytes: networkBytes(recordNetwork(network)),
        };
      });
    },
  };
}

interface Fitted {
  readonly target: Target;
  readonly features: View;
  readonly regressor: Regressor;
}

function fittedTo(
  target: Target,
  { measurements, regressors: ranked, seed }: Profile,
  regressors: Registry<NamedRegressor>,
): Fitted | undefined {
  const best = ranked[target]?.[0];
  if (!best) return undefined;
  const known = valuesOf(target, measurements);
  const points = pointsAt(viewNamed(viewsOf(measurements), best.features), known.rows);
  const { fit: learn } = lookUp(regressors, best.regressor, 'regressor of the profile');
  return { target, features: best.features, regressor: onLogarithms(learn)(points, known.y, seed) };
}

/** Measurements that have a value for a target. */
export function valuesOf(
  target: Target,
  measurements: readonly Measurement[],
): { readonly rows: readonly number[]; readonly y: Float64Array } {
  const values = measurements.map((measurement) => measuredValue(target, measurement));
  const rows = values.flatMap((value, row) => (value === undefined ? [] : [row]));
  return { rows, y: Float64Array.from(rows, (row) => values[row] as number) };
}

function viewNamed(views: Views, features: View): Points {
  const view = views[features];
  if (view) return view;
  throw new ConfigError(
    `the profile was fitted on the features '${features}', which these designs lack: use designs of the space that it was measured on`,
    { code: 'SEN_CFG_PROFILE_GAPS' },
  );
}

function estimateAt({ mean, aleatoric, epistemic }: Prediction, row: number): Estimate {
  return {
    mean: mean[row] as number,
    aleatoric: aleatoric[row] as number,
    epistemic: epistemic[row] as number,
  };
}
