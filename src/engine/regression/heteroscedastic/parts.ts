// What the surrogate consists of once it has learned.
import type { GaussianLearner } from './gaussian-learner.ts';
import type { Student } from './student.ts';
import type { Trend } from './trend.ts';
import type { View } from './view.ts';

export interface Parts {
  readonly trend: Trend;
  readonly gaussian: GaussianLearner;
  readonly student: Student;
  readonly networksSee: View;
  readonly trendSees: View;
  /** Of y, in one of the networks'. */
  readonly unit: number;
  /** Of what the networks say that counts, see `Shrinkage`. */
  readonly share: number;
}

/** Where the networks have what the trend says. */
export const MIDDLE = 0.5;

/** What is not known, of the networks and of the trend: they err apart. */
export function together(spread: number, doubt: number): number {
  return Math.hypot(spread, doubt);
}
