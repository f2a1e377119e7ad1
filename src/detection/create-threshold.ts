import { CalibrationError } from '../core/errors.ts';
import type { Model } from '../models/model.ts';
import type { AlertOptions } from './alerts/alert-options.ts';
import type { StoredThreshold, ThresholdPlugin } from './threshold-plugin.ts';

export interface ThresholdParts {
  readonly plugin: ThresholdPlugin;
  /** As the plug-in's schema has read them. */
  readonly options: unknown;
  /** Whether the scores of the model's detector are logarithms. */
  readonly logarithmic: boolean;
  readonly alerts: Pick<AlertOptions, 'falseAlarmsPerDay' | 'openCount' | 'openWithin'>;
}

/**
 * The threshold of a model: goes on from what it has learnt, else is fitted to the scores of normal data that the model carries.
 * A state of an older version is fitted anew. Throws `CalibrationError` when the scores do not suffice.
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
