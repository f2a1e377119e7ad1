import type { ThresholdContext } from '../src/detection/threshold-plugin.ts';

/** Of a stream with a row a second and the default alerts. */
export const THRESHOLD_CONTEXT: ThresholdContext = {
  logarithmic: false,
  intervalMs: 1000,
  falseAlarmsPerDay: 1,
  openCount: 3,
  openWithin: 5,
};
