import { CalibrationError } from '../core/errors.ts';
import type { Model } from '../models/model.ts';
import type { AlertOptions } from './alerts/alert-options.ts';
import type { StoredThreshold, ThresholdPlugin } from './threshold-plugin.ts';

export interface ThresholdParts {
  readonly plugin: ThresholdPlugin;
  /** Options as parsed by the plug-in's schema. */
  readonly options: unknown;
  /** Whether the scores of the model's detector are logarithms. */
  readonly logarithmic: boolean;
  readonly alerts: Pick<AlertOptions, 'falseAlarmsPerDay' | 'openCount' | 'openWithin'>;
}

/**
 * Creates the threshold of a model: restores the stored state, or else fits the threshold to the model's calibration scores.
 * A state of an older version is replaced by a new fit. Throws `CalibrationError` if there are too few scores.
 */
export function createThreshold(
  { plugin, options, logarithmic, alerts }: ThresholdParts,
  { intervalMs, calibration }: Pick<Model, 'intervalMs' | 'calibration'>,
  learnt?: unknown,
): StoredThreshold {
  const { falseAlarmsPerDay, openCount, openWithin } = alerts;
  const context = { intervalMs, logarithmic, falseAlarmsPerDay, openCount, openWithin };
  const threshold = plugin.create(options, context);
  if (learnt === undefined || !tryRestore(threshold, learnt)) threshold.fit(calibration);
  return threshold;
}

function tryRestore(threshold: StoredThreshold, learnt: unknown): boolean {
  try {
    threshold.restore(learnt);
    return true;
  } catch (error) {
    if (error instanceof CalibrationError) return false;
    throw error;
  }
}
