// V-BREATHE: several objectives under constraints, by second-order climbs on heteroscedastic surrogates.
import type { Random } from '../../../engine/random.ts';
import type { Points } from '../../../engine/regression/regressor.ts';
import { countOf, rowOf } from '../../../engine/regression/regressor.ts';
import { gobi } from '../boshnas/climb.ts';
import { hypervolume } from '../front.ts';
import type { Evaluated, Point, PointMethod, PointProposal } from '../points/contract.ts';
import type { PointHistory } from '../points/history.ts';
import { type PointPolicy, pointByPoint } from '../points/one-by-one.ts';
import { flatDirichlet, rangesOf, type Scalar, scalarOf } from '../points/scalar.ts';
import { unitSampler } from '../points/space.ts';
import { type BreatheOptions, breatheOptions } from './options.ts';
import { type Outputs, surrogatesOf } from './surrogates.ts';

/**
 * After Tuli and Jha 2023, "BREATHE: second-order gradients and heteroscedastic emulation based design space exploration".
 * Neither its text nor its code can be read: known are the abstract and what it inherits from BOSHNAS, with which it shares
 * the surrogate, the climb and the shares of proposals. Ours are: a surrogate for each objective and constraint, weights
 * from the flat Dirichlet distribution for each proposal, the augmented Tchebycheff value (scalar.ts), the penalty, and the
 * choice among the ends of the climbs. With one objective and no constraint it is BOSHNAS in a box.
 */
export const breathe: PointMethod<BreatheOptions> = {
  kind: 'breathe',
  summary: 'climbs learned surrogates of all objectives and constraints, and learns again',
  options: breatheOptions,
  start: pointByPoint(explore),
};

/** Points with values before there are surrogates. */
const LEAST_KNOWN = 3;
/** Most initial points, unless an option says otherwise. */
const MOST_INITIAL = 20;
/** Points on which the surrogates learn their uncertainty, and among which the least known is sought. */
const POOL = 256;

function explore(history: PointHistory, options: BreatheOptions, random: Random): PointPolicy {
  const { space } = history;
  const { diversityShare, uncertaintyShare, patience } = options;
  const dimensions = space.variables.length;
  const initial = options.initial ?? Math.min(2 * dimensions + 2, MOST_INITIAL);
  const draw = unitSampler(dimensions, random);
  const drawn = (count: number): readonly Point[] =>
    Array.from({ length: count }, () => space.fromUnit(draw()));
  const surrogates = surrogatesOf(
    history,
    space.coordinatesOf(drawn(POOL)),
    weightsOf(options),
    () => random.integer(2 ** 32),
  );
  const asking: Asking = { history, options, random, drawn };
  let [asked, stagnation] = [0, 0];
  let lately = '';

  function drawnFresh(reason: PointProposal['reason']): PointProposal | undefined {
    const point = history.drawFresh();
    return point && { point, reason };
  }

  /** Repetitions once the archive has not changed for long. */
  function repeated(): PointProposal | undefined {
    const point =
      stagnation >= (patience ?? Number.POSITIVE_INFINITY) ? leastRepeated(history) : undefined;
    return point && { point, reason: 'repetition' };
  }

  /** Undefined where it would propose what is known. */
  function modelled(share: number): PointProposal | undefined {
    const outputs = surrogates.current();
    const isUncertain = share < diversityShare + uncertaintyShare;
    const point = isUncertain ? leastKnown(asking, outputs) : acquired(asking, outputs);
    return point && { point, reason: isUncertain ? 'uncertainty' : 'acquisition' };
  }

  function chosen(): PointProposal | undefined {
    const share = random.uniform();
    if (share < diversityShare) return drawnFresh('diversity');
    return repeated() ?? modelled(share) ?? drawnFresh('diversity');
  }

  return {
    get converged() {
      return patience !== null && stagnation >= 2 * patience;
    },
    next() {
      const waiting = history.pending.length > 0;
      const few = history.evaluated.length < LEAST_KNOWN;
      if (asked >= initial && few && waiting) return undefined;
      const proposal = asked < initial || few ? drawnFresh('initial') : chosen();
      asked++;
      return proposal;
    },
    learn(_, { reason }) {
      const now = history.archive.map(({ objectives }) => objectives.join()).join(';');
      if (now !== lately) stagnation = 0;
      else if (reason !== 'initial') stagnation++;
      lately = now;
    },
  };
}

/** Weights of the uncertainties in the optimistic outputs. */
export function weightsOf({
  aleatoricWeight,
  epistemicWeight,
  constraintOptimism,
}: Pick<BreatheOptions, 'aleatoricWeight' | 'epistemicWeight' | 'constraintOptimism'>) {
  return {
    objectives: { aleatoric: aleatoricWeight, epistemic: epistemicWeight },
    constraints: {
      aleatoric: constraintOptimism * aleatoricWeight,
      epistemic: constraintOptimism * epistemicWeight,
    },
  };
}

interface Asking {
  readonly history: PointHistory;
  readonly options: BreatheOptions;
  readonly random: Random;
  /** Points of an even sequence, legal or not. */
  drawn(count: number): readonly Point[];
}

/** The point of the archive with the fewest runs; undefined where repetitions have shown no noise. */
export function leastRepeated(
  history: Pick<PointHistory, 'evaluated' | 'archive' | 'isPending'>,
): Point | undefined {
  const repeated = history.evaluated.filter(({ runs }) => runs.length > 1);
  const isExact = repeated.length > 0 && repeated.every(hasEqualRuns);
  if (isExact) return undefined;
  return history.archive
    .filter(({ point }) => !history.isPending(point))
    .toSorted((a, b) => a.runs.length - b.runs.length)[0]?.point;
}

function hasEqualRuns({ runs }: Evaluated): boolean {
  return runs.every((run) => JSON.stringify(run) === JSON.stringify(runs[0]));
}

function leastKnown({ history, drawn }: Asking, outputs: Outputs): Point | undefined {
  const pool = drawn(POOL).filter((point) => history.isFresh(point));
  if (pool.length === 0) return undefined;
  const doubt = outputs.uncertainty(history.space.coordinatesOf(pool));
  return pool[doubt.indexOf(Math.max(...doubt))];
}

/** The best fresh point at the ends of climbs under weights that are drawn for this proposal; undefined if none is fresh. */
function acquired(asking: Asking, outputs: Outputs): Point | undefined {
  const { history, options, random } = asking;
  const { space } = history;
  const scalar = scalarOf(rangesOf(history.evaluated, history.archive), {
    ...{ value: options.value, penalty: options.penalty },
    weights: flatDirichlet(history.objectives, random),
  });
  const ends = climbed(asking, outputs, scalar).map((end) => {
    const around = [end, ...space.neighbours(end)];
    const values = outputs.optimistic(space.coordinatesOf(around)).map((row) => scalar.at(row));
    return around[values.indexOf(Math.min(...values))] as Point;
  });
  const fresh = ends
    .map((end) => space.nearestLegal(end, random))
    .filter((point) => point !== undefined)
    .filter((point) => history.isFresh(point) && isApart(history, point));
  if (fresh.length === 0) return undefined;
  const predicted = outputs.optimistic(space.coordinatesOf(fresh));
  const best =
    options.choice === 'value'
      ? leastOf(predicted.map((row) => scalar.at(row)))
      : mostAdding(predicted, history.archive, scalar);
  return fresh[best];
}

/** In shares of the ranges. A real that differs by less is not worth an evaluation. Our choice. */
const APART = 1e-3;

/** Whether a coordinate of each known point differs by more than `APART`. */
function isApart({ space, evaluated, failed, pending }: PointHistory, point: Point): boolean {
  const known = [
    ...evaluated.map((one) => one.point),
    ...failed,
    ...pending.map((one) => one.point),
  ];
  const here = space.coordinatesOf([point]).values;
  const { values, width } = space.coordinatesOf(known);
  return known.every((_, row) =>
    here.some((x, i) => Math.abs(x - (values[row * width + i] as number)) > APART),
  );
}

/** Ends of climbs from the best of the archive and from drawn points, snapped to points that may be illegal. */
function climbed(
  { history, options, random, drawn }: Asking,
  outputs: Outputs,
  scalar: Scalar,
): readonly Point[] {
  const { restarts, iterations, secondOrder } = options;
  const { space, archive } = history;
  const known = archive.length > 0 ? archive : history.evaluated;
  const values = new Map(known.map((one) => [one, scalar.at(outputsOf(one))]));
  const best = known
    .toSorted((a, b) => (values.get(a) as number) - (values.get(b) as number))
    .slice(0, Math.ceil(restarts / 2));
  const starts = [...best.map(({ point }) => point), ...drawn(restarts - best.length)];
  const target = outputs.scalar(scalar, starts.length);
  target.weights.set(space.coordinatesOf(starts).values);
  const box = { least: new Float64Array(space.width), most: new Float64Array(space.width).fill(1) };
  gobi(target, box, { iterations, secondOrder, seed: random.integer(2 ** 32) });
  const ends: Points = { values: Float64Array.from(target.weights), width: space.width };
  return Array.from({ length: countOf(ends) }, (_, row) => space.snap(rowOf(ends, row)));
}

/** Objectives first. */
export function outputsOf({ objectives, constraints }: Evaluated): readonly number[] {
  return [...objectives, ...constraints];
}

/** The reference of hypervolume improvements, on the range of the archive. Our choice. */
const REFERENCE = 1.1;

/**
 * The row whose objectives add the most hypervolume to the archive; rows that break a constraint come after all others, by
 * their violation, and rows that add nothing by their value. After Ponweiser et al. 2008, "Multiobjective optimization on a
 * limited budget of evaluations using model-assisted S-metric selection" (SMS-EGO), without its epsilon.
 */
export function mostAdding(
  predicted: readonly (readonly number[])[],
  archive: readonly Evaluated[],
  scalar: Scalar,
): number {
  const front = archive.map((one) => scalar.normalised(outputsOf(one)));
  const reference = scalar.normalised(predicted[0] as readonly number[]).map(() => REFERENCE);
  const before = hypervolume(front, reference);
  const merits = predicted.map((row) => {
    const violation = scalar.violation(row);
    const added =
      violation > 0 ? 0 : hypervolume([...front, scalar.normalised(row)], reference) - before;
    return { violation, added, value: scalar.at(row) };
  });
  const order = [...merits.keys()].sort((i, j) => {
    const [a, b] = [merits[i], merits[j]] as [(typeof merits)[0], (typeof merits)[0]];
    return a.violation - b.violation || b.added - a.added || a.value - b.value;
  });
  return order[0] as number;
}

function leastOf(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
