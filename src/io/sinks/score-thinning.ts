import type { ScoreReport } from '../../core/sink.ts';

/** Whether a stream's score may be sent again: at most one in `intervalMs`. */
export function thinning(intervalMs: number): (report: ScoreReport) => boolean {
  const sentMs = new Map<string, number>();
  return ({ streamId }) => {
    const nowMs = performance.now();
    if (nowMs - (sentMs.get(streamId) ?? Number.NEGATIVE_INFINITY) < intervalMs) return false;
    sentMs.set(streamId, nowMs);
    return true;
  };
}
