// What a user may say about a level that is set from the tail of the scores.
import { z } from 'zod';

export const tailShape = {
  risk: z
    .union([z.literal('daily'), z.number().positive().max(0.05)])
    .default('daily')
    .describe(
      'Probability that a normal score begins to be above the level; daily = once a day, but 1e-4 at least and 2e-3 at most',
    )
    .meta({ unit: 'share' }),
  initialQuantile: z
    .number()
    .min(0.5)
    .max(0.999)
    .default(0.95)
    .describe(
      'Share of the scores below the initial level, above which the tail is fitted; lowered until 10 peaks remain',
    )
    .meta({ unit: 'share' }),
  runLength: z
    .int()
    .min(0)
    .default(10)
    .describe(
      'Consecutive scores below the initial level that separate two peaks; nearer ones count as one; 0 = each counts',
    )
    .meta({ unit: 'scores' }),
  minShape: z
    .number()
    .min(-0.5)
    .max(0.5)
    .default(0)
    .describe(
      'Smallest shape of the tail; below 0 the tail may end, and an end that is estimated too low raises false alarms',
    )
    .meta({ unit: '1' }),
  maxShape: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      'Largest shape of the tail; heavier ones, fitted to a few peaks, put the level out of reach',
    )
    .meta({ unit: '1' }),
  maxPeaks: z
    .int()
    .min(20)
    .default(500)
    .describe('Newest peaks that are kept; the cost of one refit is proportional to them')
    .meta({ unit: 'peaks' }),
  minimumLevel: z
    .number()
    .positive()
    .default(1e-6)
    .describe("The level is never below this, on the detector's own scale")
    .meta({ unit: 'score' }),
};

const tailFields = z.strictObject(tailShape);
type TailFields = z.infer<typeof tailFields>;
export type TailOptions = Omit<TailFields, 'risk'> & { readonly risk: number };

const DAY_MS = 86_400_000;

/** A few hundred scores do not tell of rarer ones, and a level that is passed more often is none. */
const RISK = { least: 1e-4, most: 2e-3 };

/** Puts in what one false alarm a day comes to, where that is asked for. `intervalMs` from score to score. */
export function withRisk<O extends Pick<TailFields, 'risk' | 'initialQuantile'>>(
  options: O,
  intervalMs: number,
): Omit<O, 'risk'> & Pick<TailOptions, 'risk'> {
  const most = Math.min(RISK.most, mostRisk(options));
  const daily = Math.max(RISK.least, intervalMs / DAY_MS);
  const { risk } = options;
  return { ...options, risk: risk === 'daily' ? Math.min(daily, most) : risk };
}

function mostRisk({ initialQuantile }: Pick<TailFields, 'initialQuantile'>): number {
  return (1 - initialQuantile) / 10;
}

/** For `refine`. */
export const boundsInOrder = [
  ({ minShape, maxShape }: Pick<TailFields, 'minShape' | 'maxShape'>) => minShape <= maxShape,
  'minShape must not be above maxShape',
] as const;

/** For `refine`: the level has to lie well within the tail. The slack is for rounding: 0.01 and 0.9 are fine. */
export const riskInTail = [
  ({ risk, initialQuantile }: Pick<TailFields, 'risk' | 'initialQuantile'>) =>
    risk === 'daily' || risk <= mostRisk({ initialQuantile }) * (1 + 1e-9),
  'risk must be at most a tenth of 1 - initialQuantile: lower the one or the other',
] as const;
