// G-BREATHE: several objectives under constraints, over candidates: networks, or pairs of a network and a device.
import type { z } from 'zod';
import { type Points, pointsAt } from '../../../engine/regression/regressor.ts';
import {
  aroundEnds,
  climbed,
  inReach,
  leastKnown,
  type ProposalContext,
} from '../boshnas/acquired.ts';
import { surrogateSearchOptions } from '../boshnas/options.ts';
import {
  type GuideSetup,
  type SurrogateGuide,
  SurrogateSearch,
} from '../boshnas/surrogate-search.ts';
import type { SearchMethod } from '../contract.ts';
import { arePairs } from '../pairs.ts';
import type { Evaluated } from '../points/contract.ts';
import { outputsOf } from '../points/history.ts';
import { farReference, flatDirichlet, rangesOf, type Scalar, scalarOf } from '../points/scalar.ts';
import { breathe, leastRepeated, weightsOf } from './breathe.ts';
import { FrontHistory } from './front-history.ts';
import { graphSurrogates } from './graph-surrogates.ts';
import { mostAdding } from './most-adding.ts';
import { breatheOptions } from './options.ts';

/** With weights, shares and reach of their own, chosen on encoder-pairs and graphs with seeds from 1001 on. */
const { epistemicWeight, nearest, region, uncertaintyShare, diversityShare } =
  surrogateSearchOptions.shape;

/** Options of BOSHNAS, and those that V-BREATHE adds. */
const options = surrogateSearchOptions.extend({
  ...breatheOptions.pick({
    ...{ value: true, trend: true },
    ...{ constraintOptimism: true, penalty: true },
  }).shape,
  choice: breatheOptions.shape.choice
    .describe(
      'Which candidate near the ends of the climbs is proposed: that of the least value, or that whose optimistic objectives add the most hypervolume',
    )
    .meta({ unit: 'kind' }),
  epistemicWeight: epistemicWeight.default(2),
  nearest: nearest
    .default(5000)
    .describe(
      'Candidates nearest to the end of a climb, among which one is chosen; without climbs if no more are left',
    ),
  region: region.default(null),
  uncertaintyShare: uncertaintyShare.default(0),
  diversityShare: diversityShare.default(0.05),
});

type GraphBreatheOptions = z.infer<typeof options>;

/**
 * After Tuli and Jha 2023, "BREATHE: second-order gradients and heteroscedastic emulation based design space exploration",
 * its version for graphs, of which only the abstract can be read. From BOSHNAS: inputs, climbs, candidates near the ends, shares
 * of proposals, and a branch of the networks for each half of a pair. From V-BREATHE: a surrogate for each objective and
 * constraint with a Gaussian process below the networks, the value under weights that are drawn for each proposal, and the archive.
 * Departs from V-BREATHE: all climbs of a proposal are under the same weights, of optimistic objectives; the process sees
 * coordinates and choices, each half's in a length scale of its own; the most hypervolume is sought among all candidates near the
 * ends of the climbs, and among all that are left where these are few, without climbs; and a constraint is learned from candidates
 * without objectives, too, since a network that breaks a limit is not trained.
 */
export const graphBreathe: SearchMethod<GraphBreatheOptions> = {
  kind: breathe.kind,
  summary: breathe.summary,
  options,
  seeksFront: true,
  start(candidates, given, seed) {
    const halves = arePairs(candidates) ? [candidates.first, candidates.second] : [candidates];
    return new SurrogateSearch({ candidates, halves }, given, seed, (setup) =>
      guided(setup, given),
    );
  },
};

function guided({ inputs, ...setup }: GuideSetup, given: GraphBreatheOptions): SurrogateGuide {
  const { points, random } = setup;
  const history = new FrontHistory();
  const current = graphSurrogates(
    history,
    inputs,
    weightsOf(given),
    () => random.integer(2 ** 32),
    given.trend === 'process',
  );

  /** Under weights that are drawn for each proposal. */
  function drawn(): Scalar {
    const { objectives, archive, evaluated, broken } = history;
    const { least, range } = rangesOf(objectives > 0 ? evaluated : [], archive);
    const { spread } = rangesOf([...broken, ...evaluated], []);
    return scalarOf(
      { least, range, spread },
      {
        // Without objectives nothing counts but the penalty.
        value: objectives > 0 ? given.value : 'convex',
        penalty: given.penalty,
        weights: flatDirichlet(objectives, random),
      },
    );
  }

  /** The best known are those of the archive, then the others, each by their values. */
  function contextUnder(scalar: Scalar): ProposalContext {
    const best = (count: number) =>
      inOrder(history, scalar)
        .slice(0, count)
        .map(({ point }) => point[0] as number);
    return { ...setup, history: { best, isFresh: (one) => history.isFresh(one) } };
  }

  return {
    history,
    repeated: () => leastRepeated(history)?.[0],
    leastKnown: () => leastKnown(contextUnder(drawn()), (some) => current().uncertainty(some)),
    acquired() {
      const scalar = drawn();
      const outputs = current();
      const target = (rows: number) => outputs.scalar(new Array<Scalar>(rows).fill(scalar));
      if (given.choice === 'value') {
        const worth = (some: Points) => outputs.optimistic(some).map((row) => -scalar.at(row));
        return climbed(contextUnder(scalar), { target, worth }).slice(0, 1);
      }
      const context = contextUnder(scalar);
      const reach = inReach(context);
      const found =
        reach.length <= given.nearest
          ? reach
          : [...new Set(aroundEnds(context, { target }).flat())];
      const predicted = outputs.optimistic(pointsAt(points, found));
      const reference = farReference(history.objectives);
      return [found[mostAdding(predicted, history.archive, scalar, reference)] as number];
    },
  };
}

/** Of candidates without objectives only while these cannot be learned yet. */
function inOrder(
  { objectives, archive, evaluated, broken }: FrontHistory,
  scalar: Scalar,
): readonly Evaluated[] {
  const known = objectives > 0 ? evaluated : [...evaluated, ...broken];
  const values = new Map(
    known.map((one) => [one, scalar.at(objectives > 0 ? outputsOf(one) : one.constraints)]),
  );
  const byValue = (some: readonly Evaluated[]) =>
    some.toSorted((a, b) => (values.get(a) as number) - (values.get(b) as number));
  const first = new Set(archive);
  return [...byValue(archive), ...byValue(known.filter((one) => !first.has(one)))];
}
