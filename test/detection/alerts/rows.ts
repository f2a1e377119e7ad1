// Hand-made scored rows for the alert tests: one channel row a second, level 2.
import type { Alert } from '../../../src/core/alert.ts';
import type { Score } from '../../../src/core/detector.ts';
import type { Verdict } from '../../../src/core/threshold.ts';
import type { Window } from '../../../src/core/window.ts';
import { type AlertOptions, alertOptions } from '../../../src/detection/alerts/alert-options.ts';
import {
  type AlertContext,
  type AlertLife,
  createAlertPolicy,
} from '../../../src/detection/alerts/policy.ts';

export const LEVEL = 2;

export const channels = [
  { id: 'cpu', unit: '%' },
  { id: 'disk', unit: 'B/s' },
];

export const scaler = { kind: 'robust', offset: [10, 1e6], scale: [5, 2e5], clip: 10 };

export function policy(
  options: Partial<AlertOptions> = {},
  context: Partial<AlertContext> = {},
): AlertLife {
  const base = { streamId: 's', channels, scaler, modelId: 'm' };
  return createAlertPolicy(alertOptions.parse(options), { ...base, ...context });
}

/** Windows of one row whose first channel reads `100 * ratio`. */
export function windowAt(timeMs: number, ratio: number): Window {
  return {
    streamId: 's',
    endMs: timeMs,
    length: 1,
    width: 2,
    values: Float32Array.of(0, 0),
    latest: Float64Array.of(100 * ratio, 1e6),
    imputed: 0,
  };
}

export function step(
  target: AlertLife,
  timeMs: number,
  ratio: number,
  beyond: Pick<Verdict, 'beyondSeen'> = {},
): readonly Alert[] {
  const value = ratio * LEVEL;
  const score: Score = {
    value,
    perChannel: Float32Array.of(0.75 * value, 0.25 * value),
    expected: Float32Array.of(1, 0),
  };
  const verdict = { anomalous: ratio > 1, level: LEVEL, ...beyond };
  return target.step(windowAt(timeMs, ratio), score, verdict);
}

/** One row a second from `startMs` on; all alerts in order. */
export function run(target: AlertLife, ratios: readonly number[], startMs = 0): Alert[] {
  return ratios.flatMap((ratio, i) => [...step(target, startMs + i * 1000, ratio)]);
}

export function times<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}
