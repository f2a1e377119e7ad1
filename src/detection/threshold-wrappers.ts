// A threshold whose budget of false alarms may change.
import type { StoredThreshold } from './threshold-plugin.ts';

/** Creates a threshold for this many false alarms a day, from the state of a previous threshold of its kind. */
type ThresholdMaker = (falseAlarmsPerDay: number, learnt?: unknown) => StoredThreshold;

/**
 * A threshold that follows `budget()`, false alarms a day, which changes when streams that share it are added or removed.
 * After a change, a new threshold with the state of the old one judges the next score. Throws the errors of `make`.
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
