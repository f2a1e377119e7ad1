import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Options of BOSHNAS and BOSHCODE. */
export const surrogateSearchOptions = z.strictObject({
  initial: z
    .int()
    .min(2)
    .default(5)
    .describe('Candidates drawn at random before there is a surrogate')
    .meta({ unit: 'candidates' }),
  draws: z
    .int()
    .min(1)
    .default(32)
    .describe(
      'Random draws for each random candidate; the one least like the candidates proposed so far is taken',
    )
    .meta({ unit: 'draws' }),
  aleatoricWeight: z
    .number()
    .min(0)
    .default(0.5)
    .describe(
      'Weight of the aleatoric standard deviation (spread of repetitions) in the acquisition; the mean weighs 1',
    )
    .meta({ unit: 'per standard deviation' }),
  epistemicWeight: z
    .number()
    .min(0)
    .default(3)
    .describe(
      'Weight of the epistemic standard deviation (uncertainty of the surrogate) in the acquisition; the mean weighs 1',
    )
    .meta({ unit: 'per standard deviation' }),
  secondOrder: z
    .boolean()
    .default(true)
    .describe('Use the curvature of the acquisition as well as its gradient')
    .meta({ unit: 'yes or no' }),
  restarts: z
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe('Starts of the climbs; half of them are the best known candidates')
    .meta({ unit: 'places' }),
  iterations: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('Steps of a climb')
    .meta({ unit: 'steps' }),
  nearest: z
    .int()
    .min(1)
    .default(60)
    .describe('Candidates nearest to the end of a climb; the one of the best acquisition is taken')
    .meta({ unit: 'candidates' }),
  region: z
    .int()
    .min(1)
    .nullable()
    .default(10)
    .describe(
      'Number of best known candidates whose neighbours may be proposed; all candidates may be proposed if the neighbours are fewer than `nearest`, or with null',
    )
    .meta({ unit: 'candidates' }),
  uncertaintyShare: share
    .default(0.1)
    .describe('Share of proposals that take the most uncertain candidate')
    .meta({ unit: 'share' }),
  diversityShare: share
    .default(0.1)
    .describe('Share of proposals that are drawn at random')
    .meta({ unit: 'share' }),
  patience: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Evaluations without improvement before the best candidates are repeated, and as many again before the search ends; null continues until no candidate is left',
    )
    .meta({ unit: 'evaluations' }),
});

export type SurrogateSearchOptions = z.infer<typeof surrogateSearchOptions>;
