import type { Alert } from '../../core/alert.ts';

/** An alert about the daemon itself, just opened: no model has found it, so it has neither score nor channels. */
export function daemonAlert(
  about: Pick<Alert, 'id' | 'kind' | 'streamId' | 'severity'>,
  timeMs: number,
): Alert {
  return {
    ...about,
    state: 'opened',
    ...{ timeMs, startMs: timeMs, endMs: null },
    ...{ score: 1, peak: 1, level: 1 },
    ...{ channels: [], modelId: '', imputed: 0 },
  };
}
