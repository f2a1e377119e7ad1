// Thresholds for the operands of a network: one share for all, one threshold for all, or of each what costs little.
//
// Notation   loss: the error of the model with one operand pruned over that of the whole one, less 1; saved: multiplications
import type { Pruning } from '../../../engine/tape/tape.ts';
import type { ModelPruning } from '../../../models/pruning.ts';
import type { OperandProfile, Quality } from './profile.ts';

type Form = Pruning['form'];

/** For a sparsity: of each operand, or of all by one threshold. */
export function thresholdsFor(
  profiles: readonly OperandProfile[],
  sparsity: number,
  { form, global }: { readonly form: Form; readonly global: boolean },
): ModelPruning {
  const shared = global ? sharedThreshold(profiles, sparsity, form) : undefined;
  return Object.fromEntries(
    profiles.map(({ operand, [form]: sizes }) => {
      const threshold = Math.fround(shared ?? sizes.quantile(sparsity));
      return [operand.name, { form, threshold }];
    }),
  );
}

/** Bisections of the shared threshold: as fine as a single. */
const BISECTIONS = 60;

/** The threshold that leaves out this share of the multiplications of all operands. */
function sharedThreshold(
  profiles: readonly OperandProfile[],
  sparsity: number,
  form: Form,
): number {
  const weighed = profiles.map(({ operand, [form]: sizes }) => ({
    sizes,
    weight: operand.tensor.size * operand.columns,
  }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const shareAt = (threshold: number): number =>
    weighed.reduce((sum, { sizes, weight }) => sum + weight * sizes.shareBelow(threshold), 0);
  let [low, high] = [0, 2 ** 24];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = low === 0 ? high / 2 ** 4 : Math.sqrt(low * high);
    if (middle < 2 ** -40) break;
    if (shareAt(middle) < sparsity * total) low = middle;
    else high = middle;
  }
  return high;
}

export interface Judging {
  readonly whole: Quality;
  readonly judge: (pruning: ModelPruning) => Promise<Quality>;
  readonly progress: (fraction: number) => void;
}

/** Shares of an operand that are tried alone: in tenths, each a judgement, and one where little is left. */
export const SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
/**
 * Prices of a saved multiplication that are tried, from what costs least to what costs most: over a range of 1e6 each is less than
 * twice the one before.
 */
export const PRICES = 24;

/** What one operand costs and saves when a share of it alone is left out. */
interface Offer {
  readonly name: string;
  readonly threshold: number;
  readonly loss: number;
  readonly saved: number;
}

/**
 * Prunings that leave out more and more: each takes of every operand the share for which what is saved, at some price, is worth
 * most beside its loss. Losses are taken to add up, which the caller has to check on the whole.
 */
export async function thresholdsByCost(
  profiles: readonly OperandProfile[],
  form: Form,
  { whole, judge, progress }: Judging,
): Promise<readonly ModelPruning[]> {
  const offers: (readonly Offer[])[] = [];
  for (const { operand, [form]: sizes } of profiles) {
    const own: Offer[] = [];
    for (const share of SHARES) {
      const threshold = Math.fround(sizes.quantile(share));
      const found = await judge({ [operand.name]: { form, threshold } });
      const loss = Math.max(0, found.distance / whole.distance - 1);
      own.push({ name: operand.name, threshold, loss, saved: found.multiplications.skipped });
    }
    offers.push(own);
    progress(offers.length / profiles.length);
  }
  return pricesOf(offers).map((price) => {
    const taken = offers.flatMap((own) => bestAt(own, price) ?? []);
    return Object.fromEntries(taken.map(({ name, threshold }) => [name, { form, threshold }]));
  });
}

/** Losses for a multiplication more, from the least to the greatest that is offered, in equal ratios. */
function pricesOf(offers: readonly (readonly Offer[])[]): readonly number[] {
  const rates = offers
    .flatMap((own) =>
      own.map(({ loss, saved }, i) => {
        const before = own[i - 1] ?? { loss: 0, saved: 0 };
        return (loss - before.loss) / (saved - before.saved);
      }),
    )
    .filter((rate) => rate > 0 && Number.isFinite(rate));
  // Where nothing costs anything, all that is offered is worth any price.
  if (rates.length === 0) return [1];
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  return Array.from({ length: PRICES }, (_, i) => least * (most / least) ** (i / (PRICES - 1)));
}

/** What gains most; undefined where nothing gains. */
function bestAt(offers: readonly Offer[], price: number): Offer | undefined {
  const gainOf = ({ saved, loss }: Offer): number => price * saved - loss;
  return offers
    .filter((offer) => gainOf(offer) > 0)
    .toSorted((a, b) => gainOf(b) - gainOf(a))
    .at(0);
}

/** Thresholds, and how the model does with them. */
export interface JudgedPruning {
  readonly pruning: ModelPruning;
  readonly found: Quality;
}

/** Of those that leave something out and keep this share of the accuracy of the whole, the one that leaves out most. */
export function mostWithin(
  floor: number,
  whole: Quality,
  judged: readonly JudgedPruning[],
): JudgedPruning | undefined {
  const skipped = ({ found }: JudgedPruning): number => found.multiplications.skipped;
  return judged
    .filter((one) => skipped(one) > 0 && whole.distance >= floor * one.found.distance)
    .toSorted((a, b) => skipped(b) - skipped(a))
    .at(0);
}
