// What a search has found: each evaluated point with its performance, the front among them, and the one to take.
import { mean } from '../../engine/statistics.ts';
import { familyOfDesign } from '../../lab/search/families/index.ts';
import type { NetworkDesign } from '../../models/network-family.ts';
import { breachesOf, type Costs, constraintsOf, duration, performanceOf, short } from './costs.ts';
import { accuracyOf, type Compared, FrontSoFar } from './front-so-far.ts';
import type { Evaluated } from './journal.ts';
import type { Choice } from './library.ts';
import type { Limits, Weights } from './settings.ts';

export interface FoundPoint {
  readonly candidate: number;
  /** Of its first evaluation, from 1 on: what `--take` names. */
  readonly number: number;
  readonly design: NetworkDesign;
  /** Its key, as its family writes it. */
  readonly name: string;
  readonly device: string;
  /** Of the search, from 1 on, in which it was new. */
  readonly level: number;
  /** Numbers of the evaluations that it is the mean of, from 0 on. */
  readonly evaluations: readonly number[];
  readonly costs: Costs;
  /** Of each training. */
  readonly accuracies: readonly number[];
  /** Mean; absent where the point is infeasible. */
  readonly accuracy?: number;
  /** Mean; absent where the point is infeasible, and where a front was sought. */
  readonly performance?: number;
  readonly failure?: string;
  /** Nothing that was found is better in one respect and as good in all others. */
  readonly onFront: boolean;
}

export interface Found {
  readonly points: readonly FoundPoint[];
  /** Absent where nothing is feasible, and where a front was sought. */
  readonly chosen?: FoundPoint;
  readonly reason: string;
  /** Of the front, see `FrontSoFar`. */
  readonly hypervolume: number;
}

export interface ToJudge extends Compared {
  /** By candidate. */
  readonly choices: readonly Choice[];
  readonly weights: Weights;
  readonly limits: Limits;
}

/**
 * One for each training, higher is better, for the search method: the performance, or where a front is sought the accuracy.
 * None where the candidate is infeasible.
 */
export function valuesOf(
  { accuracy, costs }: Pick<Evaluated, 'accuracy' | 'costs'>,
  { scale, weights, objectives }: Pick<ToJudge, 'scale' | 'weights' | 'objectives'>,
): readonly number[] {
  if (objectives) return accuracy;
  return accuracy.map((value) => performanceOf(value, costs, scale, weights));
}

/** Evaluations of one candidate are one point; the chosen one has the highest performance, the first found of equals. */
export function foundPoints(evaluations: readonly Evaluated[], judging: ToJudge): Found {
  const candidates = [...new Set(evaluations.map(({ candidate }) => candidate))];
  const front = new FrontSoFar(judging);
  const volumes = evaluations.map((one) => front.add(one));
  const onFront = new Set(front.front);
  const points = candidates.map((candidate) =>
    pointOf(
      evaluations.filter((one) => one.candidate === candidate),
      onFront.has(candidate),
      judging,
    ),
  );
  const [chosen] = bestFirst(points.filter(({ performance }) => performance !== undefined));
  return {
    points,
    ...(chosen && { chosen }),
    reason: reasonFor(chosen, points, judging),
    hypervolume: volumes.at(-1) ?? 0,
  };
}

/** By performance, or by accuracy where a front was sought; infeasible points last. */
export function bestFirst(points: readonly FoundPoint[]): readonly FoundPoint[] {
  const rank = ({ performance, accuracy = -1 }: FoundPoint) => performance ?? accuracy;
  return points.toSorted((a, b) => rank(b) - rank(a));
}

/** Number of the first evaluation of a point, from 1 on: what `--take` names it by. */
export function numberOf({ evaluations: [first = 0] }: Pick<FoundPoint, 'evaluations'>): number {
  return first + 1;
}

function pointOf(
  same: readonly Evaluated[],
  onFront: boolean,
  { choices, ...judging }: ToJudge,
): FoundPoint {
  const [{ candidate, costs }] = same as readonly [Evaluated];
  const { network, device, level } = choices[candidate] as Choice;
  const evaluations = same.map(({ done }) => done);
  const accuracies = same.flatMap((one) => one.accuracy);
  const failure = same.find((one) => one.failure !== undefined)?.failure;
  const accuracy = accuracyOf(same);
  return {
    candidate,
    number: numberOf({ evaluations }),
    design: network.point,
    name: familyOfDesign(network.point).keyOf(network.point),
    device: device.kind,
    level,
    evaluations,
    costs,
    accuracies,
    ...(accuracy !== undefined && {
      accuracy,
      ...(!judging.objectives && {
        performance: mean(valuesOf({ accuracy: accuracies, costs }, judging)),
      }),
    }),
    ...(failure !== undefined && { failure }),
    onFront,
  };
}

function reasonFor(
  chosen: FoundPoint | undefined,
  points: readonly FoundPoint[],
  { objectives, limits }: ToJudge,
): string {
  const feasible = points.filter(({ accuracy }) => accuracy !== undefined);
  if (feasible.length === 0) {
    return `none of ${points.length} points is feasible; ${nearestMiss(points, limits)}`;
  }
  if (chosen?.performance === undefined) {
    const { length } = points.filter(({ onFront }) => onFront);
    return `${length} of ${feasible.length} feasible points are on the front of ${objectives?.join(', ')}`;
  }
  const [next] = bestFirst(feasible.filter((point) => point !== chosen));
  const { accuracy = 0, performance, costs } = chosen;
  const lead =
    next?.performance === undefined
      ? ''
      : `, ${short(performance - next.performance)} before the next`;
  return `highest performance (${short(performance)}${lead}) of ${feasible.length} feasible points: accuracy ${short(accuracy)} at ${duration(costs.p50S)}`;
}

/** The point that breaks its limits by least, each in parts of the limit, and how. */
function nearestMiss(points: readonly FoundPoint[], limits: Limits): string {
  const misses = points.flatMap((point) => {
    const over = (constraintsOf(point.costs, limits) ?? []).reduce(
      (sum, by) => sum + Math.max(0, by),
      0,
    );
    return over > 0 ? { point, over } : [];
  });
  const [nearest] = misses.toSorted((a, b) => a.over - b.over);
  if (!nearest) return `the last: ${points.at(-1)?.failure ?? 'nothing was evaluated'}`;
  const { point } = nearest;
  return `the nearest, evaluation ${numberOf(point)}: ${breachesOf(point.costs, limits).join(', ')}`;
}
