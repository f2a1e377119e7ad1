import type { Alert, AlertState } from '../../src/core/alert.ts';

/** An alert with everything set; what a test does not care about is up to this. */
export function alertOf(
  id: string,
  state: AlertState = 'opened',
  changes: Partial<Alert> = {},
): Alert {
  const startMs = Date.UTC(2026, 10, 24, 12);
  return {
    id,
    kind: 'anomaly',
    streamId: 'motor',
    state,
    severity: 'warning',
    timeMs: startMs + 42_000,
    startMs,
    endMs: state === 'closed' ? startMs + 42_000 : null,
    score: state === 'closed' ? 0.4 : 1.8299999,
    peak: 2.4,
    level: 0.031,
    channels: [
      { id: 'vibration', unit: 'mm/s', share: 0.72, value: 9.1, expected: 3.2 },
      { id: 'current', unit: 'A', share: 0.28, value: null, expected: null },
    ],
    modelId: '0123456789abcdef',
    imputed: 0.05,
    ...changes,
  };
}
