// Wrappers of a threshold: a floor of its level, and a budget of false alarms that may change.
import type { StoredThreshold } from './threshold-plugin.ts';

/**
 * A threshold whose level is at least `floor()`, on the scale of the score. Scores between the two levels are judged
 * normal, and the threshold may learn from them. The floor is not part of the stored state.
 */
export function withFloor(threshold: StoredThreshold, floor: () => number): StoredThreshold {
  return {
    fit: (scores) => threshold.fit(scores),
    judge(score) {
      const verdict = threshold.judge(score);
      const { usual = 0, beyondSeen } = verdict;
      const least = floor();
      const level = Math.max(verdict.level, least);
      const decided = { ...verdict, anomalous: score - usual > level, level };
      if (beyondSeen === undefined || least === 0) return decided;
      return { ...decided, beyondSeen: Math.min(beyondSeen, (score - usual) / least) };
    },
    learn: (score) => threshold.learn(score),
    reject: (score, reason) => threshold.reject(score, reason),
    state: () => threshold.state(),
    restore: (state) => threshold.restore(state),
    promise: () => threshold.promise?.(),
  };
}

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
