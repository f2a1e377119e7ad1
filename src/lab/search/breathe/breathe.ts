// V-BREATHE: several objectives under constraints, by second-order climbs on heteroscedastic surrogates.
import type { Random } from '../../../engine/random.ts';
import type { Evaluated, Point, PointMethod, PointProposal } from '../points/contract.ts';
import type { PointHistory } from '../points/history.ts';
import { drawnFresh, initialThen, type PointPolicy, pointByPoint } from '../points/one-by-one.ts';
import { unitSampler } from '../points/space.ts';
import { acquired, expectsFront } from './acquired.ts';
import type { Asking } from './climbs.ts';
import { type BreatheOptions, breatheOptions } from './options.ts';
import { type Outputs, surrogatesOf } from './surrogates.ts';

/**
 * After Tuli and Jha 2023, "BREATHE: second-order gradients and heteroscedastic emulation based design space exploration".
 * Neither its text nor its code can be read: known are the abstract and what it inherits from BOSHNAS, with which it shares
 * the surrogate, the climb and the shares of proposals. Ours are: a surrogate for each objective and constraint, weights
 * from the flat Dirichlet distribution for each climb, the augmented Tchebycheff value (scalar.ts), the penalty, the choice
 * among the ends of the climbs by their expected improvement of the hypervolume, in which the epistemic uncertainty counts instead of
 * in the climbs, the search for extremes, and the Gaussian process below the networks (`smooth` in heteroscedastic.ts). Networks
 * above a plane, as BOSHNAS has them, predict as well, but their epistemic uncertainty is the same at known points as elsewhere, and
 * far above their error: on a table that only orders the candidates, in a box it leads the climbs nowhere.
 */
export const breathe: PointMethod<BreatheOptions> = {
  kind: 'breathe',
  summary: 'climbs learned surrogates of all objectives and constraints, and learns again',
  options: breatheOptions,
  start: pointByPoint(explore),
};

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
    weightsOf(
      expectsFront(history.objectives, options) ? { ...options, epistemicWeight: 0 } : options,
    ),
    () => random.integer(2 ** 32),
    options.trend === 'process',
  );
  const asking: Asking = { history, options, random, drawn };
  let stagnation = 0;
  let lately = '';

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
    if (share < diversityShare) return drawnFresh(history, 'diversity');
    return repeated() ?? modelled(share) ?? drawnFresh(history, 'diversity');
  }

  return {
    ...initialThen(history, initial, chosen),
    get converged() {
      return patience !== null && stagnation >= 2 * patience;
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
