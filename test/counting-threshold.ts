import { CalibrationError } from '../src/core/errors.ts';
import type { StoredThreshold } from '../src/detection/threshold-plugin.ts';

/**
 * A threshold that promises: its level is the n-th highest of the scores it has seen, n being the false alarms asked for.
 * `learnt` is a state.
 */
export function countingThreshold(falseAlarmsPerDay: number, learnt?: unknown): StoredThreshold {
  let scores: number[] = [];
  const level = (): number =>
    scores.toSorted((a, b) => b - a)[Math.max(1, Math.floor(falseAlarmsPerDay)) - 1] ?? 0;
  const made: StoredThreshold = {
    fit(given) {
      scores = [...given];
    },
    judge: (score) => ({ anomalous: score > level(), level: level() }),
    learn: (score) => void scores.push(score),
    reject: () => undefined,
    state: () => ({ scores }),
    restore(state) {
      const { scores: kept } = state as { scores?: number[] };
      if (!kept) throw new CalibrationError('no state of it');
      scores = [...kept];
    },
    promise: () => ({ falseAlarmsPerDay: 3, asked: falseAlarmsPerDay, seenDays: scores.length }),
  };
  if (learnt !== undefined) made.restore(learnt);
  return made;
}
