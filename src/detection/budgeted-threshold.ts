import type { StoredThreshold } from './threshold-plugin.ts';

/** A threshold that is set for so many false alarms a day, and goes on from what another of its kind has learnt. */
export type ThresholdMaker = (falseAlarmsPerDay: number, learnt?: unknown) => StoredThreshold;

/**
 * A threshold that follows `budget()`, false alarms a day, which changes when streams that share it come or go. When it does,
 * the next score is judged by a new one that is made from the state of the old one. Throws what `make` throws.
 */
export function withBudget(
  make: ThresholdMaker,
  budget: () => number,
  learnt?: unknown,
): StoredThreshold {
  let made = budget();
  let current = make(made, learnt);
  const now = (): StoredThreshold => {
    const asked = budget();
    if (asked !== made) {
      current = make(asked, current.state());
      made = asked;
    }
    return current;
  };
  return {
    fit: (scores) => now().fit(scores),
    judge: (score) => now().judge(score),
    learn: (score) => now().learn(score),
    reject: (score, reason) => now().reject(score, reason),
    state: () => current.state(),
    restore: (state) => now().restore(state),
    promise: () => now().promise?.(),
  };
}
