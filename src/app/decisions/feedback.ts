// "This was normal": what was said of alerts, and how high a score it makes normal.
import type { Alert } from '../../core/alert.ts';
import type { Decisions, NormalFeedback } from '../../core/decisions.ts';

export interface Feedback {
  /** Highest score that was called normal, on the scale of the model's detector; 0 = none was. */
  height(streamId: string, modelId: string): number;
  has(alertId: string): boolean;
  add(alert: Alert): NormalFeedback;
  /** Takes it back; false when nothing was said of that alert. */
  remove(alertId: string): boolean;
}

/** Scores of one model only: another has another scale, and has learnt what was normal. */
export function createFeedback(decisions: Decisions): Feedback {
  const said = new Map(decisions.list('normal').map((feedback) => [feedback.alertId, feedback]));
  return {
    height(streamId, modelId) {
      let height = 0;
      for (const feedback of said.values()) {
        const concerned = feedback.streamId === streamId && feedback.modelId === modelId;
        if (concerned) height = Math.max(height, feedback.height);
      }
      return height;
    },
    has: (alertId) => said.has(alertId),
    add({ id: alertId, streamId, modelId, startMs, endMs, timeMs, peak, level }) {
      const times = { fromMs: startMs, toMs: endMs ?? timeMs };
      const feedback = { alertId, streamId, modelId, ...times, height: peak * level };
      decisions.put('normal', alertId, feedback);
      said.set(alertId, feedback);
      return feedback;
    },
    remove(alertId) {
      said.delete(alertId);
      return decisions.remove('normal', alertId);
    },
  };
}
