// What searches over points share: they propose one point after the other from what they know, the first ones evenly.
import { z } from 'zod';
import { createRandom, type Random } from '../../../engine/random.ts';
import type { PointMethod, PointOutcome, PointProposal, PointSearch } from './contract.ts';
import { PointHistory } from './history.ts';

/** How a method chooses points. */
export interface PointPolicy {
  /** A proposal that may be made; undefined = wait for outcomes, or the space is used up. */
  next(): PointProposal | undefined;
  /** Called after the history has recorded the outcome. */
  learn?(outcome: PointOutcome, answered: PointProposal): void;
  /** It has converged. */
  readonly converged?: boolean;
}

/** `start` of a method. Batch size alone changes nothing. */
export function pointByPoint<Options>(
  policyOf: (history: PointHistory, options: Options, random: Random) => PointPolicy,
): PointMethod<Options>['start'] {
  return (problem, options, seed) => {
    const random = createRandom(seed);
    const history = new PointHistory(problem, random);
    return searchBy(history, policyOf(history, options, random));
  };
}

/** `start` of a method that is made for `most` objectives. Throws `RangeError` for more. */
export function upToObjectives<Options>(
  most: number,
  kind: string,
  start: PointMethod<Options>['start'],
): PointMethod<Options>['start'] {
  return (problem, options, seed) => {
    if (problem.objectives <= most) return start(problem, options, seed);
    throw new RangeError(
      `${kind} is made for ${most} objectives at most, found ${problem.objectives}`,
    );
  };
}

/** Of methods with a model of the outcomes. */
export const initialOption = z
  .int()
  .min(3)
  .default(11)
  .describe("Points of Sobol's sequence before there is a model")
  .meta({ unit: 'points' });

/** Points with values before there is a model. */
const LEAST_KNOWN = 3;

/** Draws `initial` points, and more while too few have values; then `choose` proposes. */
export function initialThen(
  history: PointHistory,
  initial: number,
  choose: PointPolicy['next'],
): Pick<PointPolicy, 'next'> {
  let asked = 0;
  return {
    next() {
      const few = history.evaluated.length < LEAST_KNOWN;
      if (asked >= initial && few && history.pending.length > 0) return undefined;
      const proposal = asked < initial || few ? drawnFresh(history, 'initial') : choose();
      asked++;
      return proposal;
    },
  };
}

/** The next fresh point of an even sequence; undefined = the space is used up. */
export function drawnFresh(
  history: PointHistory,
  reason: PointProposal['reason'],
): PointProposal | undefined {
  const point = history.drawFresh();
  return point && { point, reason };
}

function searchBy(history: PointHistory, policy: PointPolicy): PointSearch {
  const isFinished = () => history.usedUp || policy.converged === true;
  return {
    propose(count) {
      const proposals: PointProposal[] = [];
      while (proposals.length < count && !isFinished()) {
        const proposal = policy.next();
        if (!proposal) break;
        history.ask(proposal);
        proposals.push(proposal);
      }
      return proposals;
    },
    tell(outcome) {
      const answered = history.tell(outcome);
      policy.learn?.(outcome, answered);
    },
    get finished() {
      return isFinished();
    },
    get archive() {
      return history.archive;
    },
  };
}
