// A health check of three channels, and samples for it: one a second.
import type { Alert } from '../../../src/core/alert.ts';
import { createHealthCheck, type HealthLife } from '../../../src/detection/alerts/health-check.ts';
import { healthOptions } from '../../../src/detection/alerts/health-options.ts';

const ids = ['a', 'b', 'c'];
const channels = ids.map((id) => ({ id, unit: 'V' }));

export function create(
  options: Record<string, unknown> = {},
  resume: readonly Alert[] = [],
  remind = { remindAfterMs: 0, remindEveryMs: 0 },
): HealthLife {
  const parsed = healthOptions.parse({
    maxAgeMs: 5000,
    stuckAfterMs: 0,
    coolDownMs: 0,
    ...options,
  });
  return createHealthCheck(parsed, { streamId: 's', channels, resume, remind });
}

export type Reading = (second: number) => readonly number[];

/** One sample a second. */
export function run(
  target: HealthLife,
  from: number,
  to: number,
  reading: Reading,
  offsetMs = 0,
): Alert[] {
  const alerts: Alert[] = [];
  for (let second = from; second < to; second++) {
    const values = Float64Array.from(reading(second));
    alerts.push(...target.check({ streamId: 's', timeMs: second * 1000 + offsetMs, values }));
  }
  return alerts;
}

export const fine: Reading = (s) => [s, s, s];
export const without =
  (...silent: number[]): Reading =>
  (s) =>
    ids.map((_, c) => (silent.includes(c) ? Number.NaN : s));
