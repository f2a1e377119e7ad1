// What people decided about single alerts: acknowledged, or marked as normal.
import { type Alert, SEVERITY_RANK } from '../../core/alert.ts';
import type { Decisions, NormalFeedback } from '../../core/decisions.ts';

export interface Acknowledgements {
  add(alert: Alert): void;
  /** Ids of acknowledged alerts, also of some that have ended. */
  of(streamId: string): readonly string[];
  /** Whether it was acknowledged when it was as severe as it is now. */
  cover(alert: Alert): boolean;
}

export function createAcknowledgements(decisions: Decisions, now: () => number): Acknowledgements {
  const known = new Map(decisions.list('acknowledged').map((one) => [one.alertId, one]));
  return {
    add({ id: alertId, streamId, severity }) {
      const one = { alertId, streamId, timeMs: now(), severity };
      decisions.put('acknowledged', alertId, one);
      known.set(alertId, one);
    },
    of: (streamId) =>
      [...known.values()].filter((one) => one.streamId === streamId).map(({ alertId }) => alertId),
    cover({ id, severity }) {
      const then = known.get(id);
      return then !== undefined && SEVERITY_RANK[severity] <= SEVERITY_RANK[then.severity];
    },
  };
}

export interface Feedback {
  /** Highest score that was called normal, on the scale of the model's detector; 0 = none was. */
  height(streamId: string, modelId: string): number;
  has(alertId: string): boolean;
  add(alert: Alert): NormalFeedback;
  /** Removes the mark; false when that alert had none. */
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
