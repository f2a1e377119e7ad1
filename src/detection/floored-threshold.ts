import type { StoredThreshold } from './threshold-plugin.ts';

/**
 * A threshold whose level is never below `floor()`, on the scale of the score. What lies between the two is judged
 * normal and may teach the threshold, which decides by itself how much of it to believe. The floor is not part of its
 * state: it belongs to whoever set it.
 */
export function withFloor(threshold: StoredThreshold, floor: () => number): StoredThreshold {
  return {
    fit: (scores) => threshold.fit(scores),
    judge(score) {
      const verdict = threshold.judge(score);
      const level = Math.max(verdict.level, floor());
      return { ...verdict, anomalous: score - (verdict.usual ?? 0) > level, level };
    },
    learn: (score) => threshold.learn(score),
    reject: (score, reason) => threshold.reject(score, reason),
    state: () => threshold.state(),
    restore: (state) => threshold.restore(state),
    promise: () => threshold.promise?.(),
  };
}
