import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Of BOSHNAS and BOSHCODE. */
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
      'Draws at random of which the candidate is taken that has least in common with those asked for',
    )
    .meta({ unit: 'draws' }),
  aleatoricWeight: z
    .number()
    .min(0)
    .default(0.5)
    .describe('What a standard deviation of repetitions is worth beside the mean')
    .meta({ unit: 'per standard deviation' }),
  epistemicWeight: z
    .number()
    .min(0)
    .default(3)
    .describe('What a standard deviation of not knowing is worth beside the mean')
    .meta({ unit: 'per standard deviation' }),
  secondOrder: z
    .boolean()
    .default(true)
    .describe('Climb the acquisition by its curvature, or by its gradient alone')
    .meta({ unit: 'yes or no' }),
  restarts: z
    .int()
    .min(1)
    .default(8)
    .describe(
      'Places from which the acquisition is climbed, half of them the best candidates known',
    )
    .meta({ unit: 'places' }),
  iterations: z.int().min(1).default(20).describe('Steps of a climb').meta({ unit: 'steps' }),
  nearest: z
    .int()
    .min(1)
    .default(60)
    .describe('Candidates around the end of a climb of which the best by acquisition is taken')
    .meta({ unit: 'candidates' }),
  region: z
    .int()
    .min(1)
    .nullable()
    .default(10)
    .describe(
      'The best candidates known of which a neighbour is taken where the acquisition decides; any candidate where these are fewer than `nearest`, and with null',
    )
    .meta({ unit: 'candidates' }),
  uncertaintyShare: share
    .default(0.1)
    .describe('Share of candidates that are taken because least is known of them')
    .meta({ unit: 'share' }),
  diversityShare: share
    .default(0.1)
    .describe('Share of candidates that are drawn at random')
    .meta({ unit: 'share' }),
  patience: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Evaluations asked for by the acquisition that bring nothing better, before the best are repeated, and again before the search ends; null goes on while there are candidates',
    )
    .meta({ unit: 'evaluations' }),
});

export type SurrogateSearchOptions = z.infer<typeof surrogateSearchOptions>;
