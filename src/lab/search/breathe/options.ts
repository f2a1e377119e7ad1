import { z } from 'zod';
import { surrogateSearchOptions } from '../boshnas/options.ts';

const share = z.number().min(0).max(1);
const weight = z.number().min(0);
const { secondOrder, restarts, iterations } = surrogateSearchOptions.shape;

/**
 * Options of V-BREATHE. Those of the climbs are BOSHNAS' own. Weights and shares were chosen on ZDT1(5), DTLZ2(5,2), OSY, TNK and
 * Hartmann6 with seeds from 1001 on; the choice among ends, weights for each climb, and when and how extremes are sought, on
 * twenty-six problems that no page reports, with seeds 1001 to 1006.
 */
export const breatheOptions = z.strictObject({
  initial: z
    .int()
    .min(3)
    .nullable()
    .default(null)
    .describe(
      "Points of Sobol's sequence before there are surrogates; null takes two more than twice the number of variables, at most 20",
    )
    .meta({ unit: 'points' }),
  value: z
    .enum(['tchebycheff', 'convex'])
    .default('tchebycheff')
    .describe(
      'How weights and objectives become one value: augmented Tchebycheff, which finds concave fronts, too, or the convex sum as published',
    )
    .meta({ unit: 'kind' }),
  choice: z
    .enum(['value', 'hypervolume'])
    .default('hypervolume')
    .describe(
      'Which end of the climbs is proposed: that of the least value, of climbs under one vector of weights; or that of the greatest expected improvement of the hypervolume, of climbs each under weights of its own (with one objective, and with more than four, always the least value)',
    )
    .meta({ unit: 'kind' }),
  trend: z
    .enum(['process', 'plane'])
    .default('process')
    .describe(
      'What the networks of the surrogates learn the difference from: a Gaussian process, which they add to as much as they have predicted before, or a plane as in BOSHNAS',
    )
    .meta({ unit: 'kind' }),
  aleatoricWeight: weight
    .default(0.5)
    .describe(
      'Weight of the aleatoric standard deviation (spread of repetitions) in optimistic objectives; the mean weighs 1',
    )
    .meta({ unit: 'per standard deviation' }),
  epistemicWeight: weight
    .default(1)
    .describe(
      'Weight of the epistemic standard deviation (uncertainty of the surrogate): in expected improvements, or, where the least value is chosen, in optimistic objectives, in which the mean weighs 1',
    )
    .meta({ unit: 'per standard deviation' }),
  constraintOptimism: z
    .number()
    .default(0.3)
    .describe(
      'Factor on both weights for constraints; 0 trusts their means, below 0 keeps a distance from the limits',
    )
    .meta({ unit: 'factor' }),
  penalty: weight
    .default(20)
    .describe('Weight of a violation of one spread of a constraint; the range of an objective is 1')
    .meta({ unit: 'per spread' }),
  extremeShare: share
    .default(0.5)
    .describe(
      'Share of proposals that seek the least of one objective first, and take it if it is clearly lower than what is known; 0 never does',
    )
    .meta({ unit: 'share' }),
  ...{ secondOrder, restarts, iterations },
  uncertaintyShare: share
    .default(0)
    .describe('Share of proposals that take the most uncertain of some points drawn')
    .meta({ unit: 'share' }),
  diversityShare: share
    .default(0.05)
    .describe('Share of proposals that are drawn')
    .meta({ unit: 'share' }),
  patience: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Evaluations without a change of the archive before its points are repeated if results are noisy, and as many again before the search ends; null continues until no point is left',
    )
    .meta({ unit: 'evaluations' }),
});

export type BreatheOptions = z.infer<typeof breatheOptions>;
