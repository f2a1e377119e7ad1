// User options for a level from the tail of the scores.
import { z } from 'zod';

export const tailShape = {
  risk: z
    .union([z.literal('daily'), z.number().positive().max(0.05)])
    .default('daily')
    .describe(
      'Probability that a normal score starts an excursion above the level; daily = once a day, but at least 1e-4 and at most 2e-3',
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
      'Consecutive scores below the initial level that separate two peaks; closer peaks count as one; 0 = every score above it is a peak',
    )
    .meta({ unit: 'scores' }),
  minShape: z
    .number()
    .min(-0.5)
    .max(0.5)
    .default(0)
    .describe(
      'Smallest shape of the tail; below 0 the tail may have an end, and an end that is estimated too low causes false alarms',
    )
    .meta({ unit: '1' }),
  maxShape: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      'Largest shape of the tail; heavier tails, fitted to a few peaks, make the level too high to be exceeded',
    )
    .meta({ unit: '1' }),
  maxPeaks: z
    .int()
    .min(20)
    .default(500)
    .describe('Newest peaks that are kept; the cost of a fit is proportional to their number')
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

/** Bounds of the daily risk: a few hundred scores do not determine rarer events, and a higher risk is useless for alerts. */
const RISK = { least: 1e-4, most: 2e-3 };

/** Replaces `daily` by the risk of one false alarm a day. `intervalMs` is the time between scores. */
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

/** For `refine`: the level must lie well within the tail. The tolerance is for rounding: 0.01 with 0.9 is valid. */
export const riskInTail = [
  ({ risk, initialQuantile }: Pick<TailFields, 'risk' | 'initialQuantile'>) =>
    risk === 'daily' || risk <= mostRisk({ initialQuantile }) * (1 + 1e-9),
  'risk must be at most a tenth of 1 - initialQuantile: lower risk or initialQuantile',
] as const;
