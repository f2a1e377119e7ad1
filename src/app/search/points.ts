// What a search has found: each evaluated point with its performance, the front among them, and the one to take.
import { mean } from '../../engine/statistics.ts';
import { designKey } from '../../lab/search/design-space/design-key.ts';
import { hypervolume, paretoFront } from '../../lab/search/front.ts';
import type { DesignPoint } from '../../models/design-point.ts';
import { type Costs, duration, objectivesOf, performanceOf, type Scale, short } from './costs.ts';
import type { Evaluated } from './journal.ts';
import type { Choice } from './library.ts';
import type { Weights } from './settings.ts';

export interface FoundPoint {
  readonly candidate: number;
  readonly design: DesignPoint;
  /** As `designKey` writes it. */
  readonly name: string;
  readonly device: string;
  /** Of the search, from 1 on, in which it was new. */
  readonly level: number;
  /** Numbers of the evaluations that it is the mean of, from 0 on. */
  readonly evaluations: readonly number[];
  readonly costs: Costs;
  /** Of each training. */
  readonly accuracies: readonly number[];
  /** Means; absent where the point is infeasible. */
  readonly accuracy?: number;
  readonly performance?: number;
  readonly failure?: string;
  /** Nothing that was found is better in one respect and as good in all others. */
  readonly onFront: boolean;
}

export interface Found {
  readonly points: readonly FoundPoint[];
  /** Absent where nothing is feasible. */
  readonly chosen?: FoundPoint;
  readonly reason: string;
  /**
   * What the front commands of all there could be, 0 to 1: from no accuracy at the costs of the scale to all of it at none.
   */
  readonly hypervolume: number;
}

export interface ToJudge {
  /** By candidate. */
  readonly choices: readonly Choice[];
  readonly scale: Scale;
  readonly weights: Weights;
}

/** Each training's performance, which is passed to the search method; none where the candidate is infeasible. */
export function performancesOf(
  { accuracy, costs }: Pick<Evaluated, 'accuracy' | 'costs'>,
  { scale, weights }: Pick<ToJudge, 'scale' | 'weights'>,
): readonly number[] {
  return accuracy.map((value) => performanceOf(value, costs, scale, weights));
}

/** Evaluations of one candidate are one point; the chosen one has the highest performance, the first found of equals. */
export function foundPoints(evaluations: readonly Evaluated[], judging: ToJudge): Found {
  const candidates = [...new Set(evaluations.map(({ candidate }) => candidate))];
  const points = candidates.map((candidate) =>
    pointOf(
      evaluations.filter((one) => one.candidate === candidate),
      judging,
    ),
  );
  const feasible = points.flatMap((point) =>
    point.accuracy === undefined ? [] : [{ point, accuracy: point.accuracy }],
  );
  const objectives = feasible.map(({ point, accuracy }) =>
    objectivesOf(accuracy, point.costs, judging.scale),
  );
  const front = paretoFront(objectives);
  const onFront = new Set(front.map((index) => feasible[index]?.point.candidate));
  const marked = points.map((point) => ({ ...point, onFront: onFront.has(point.candidate) }));
  const [chosen] = marked
    .filter(({ performance }) => performance !== undefined)
    .sort((a, b) => (b.performance ?? 0) - (a.performance ?? 0));
  return {
    points: marked,
    ...(chosen && { chosen }),
    reason: reasonFor(chosen, marked),
    hypervolume: hypervolume(objectives, objectives[0]?.map(() => 1) ?? []),
  };
}

function pointOf(same: readonly Evaluated[], { choices, ...judging }: ToJudge): FoundPoint {
  const [{ candidate, costs }] = same as readonly [Evaluated];
  const { network, device, level } = choices[candidate] as Choice;
  const accuracies = same.flatMap(({ accuracy }) => accuracy);
  const failure = same.find((one) => one.failure !== undefined)?.failure;
  const feasible = failure === undefined && accuracies.length > 0;
  return {
    candidate,
    design: network.point,
    name: designKey(network.point),
    device: device.kind,
    level,
    evaluations: same.map(({ done }) => done),
    costs,
    accuracies,
    ...(feasible && {
      accuracy: mean(accuracies),
      performance: mean(performancesOf({ accuracy: accuracies, costs }, judging)),
    }),
    ...(failure !== undefined && { failure }),
    onFront: false,
  };
}

function reasonFor(chosen: FoundPoint | undefined, points: readonly FoundPoint[]): string {
  if (chosen?.performance === undefined) {
    return `none of ${points.length} points is feasible; the last: ${points.at(-1)?.failure ?? 'nothing was evaluated'}`;
  }
  const feasible = points.filter(({ performance }) => performance !== undefined);
  const [next] = feasible
    .filter((point) => point !== chosen)
    .sort((a, b) => (b.performance ?? 0) - (a.performance ?? 0));
  const { accuracy = 0, performance, costs } = chosen;
  const lead =
    next?.performance === undefined
      ? ''
      : `, ${short(performance - next.performance)} before the next`;
  return `highest performance (${short(performance)}${lead}) of ${feasible.length} feasible points: accuracy ${short(accuracy)} at ${duration(costs.p50S)}`;
}
