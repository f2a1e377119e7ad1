// Whether two observers fail on the same kinds of trials, and confuse them with the same others.
//
// Notation   p, q (K,) distributions of errors over kinds; m their mean; KL in nats, 0 ln 0 = 0
import { ShapeError } from '../../../core/errors.ts';
import type { Random } from '../../../engine/random.ts';

/** Fewer errors than this on either side make two samples of the same distribution look .13 apart with 8 kinds. */
export const FEWEST_ERRORS = 100;

/** Jensen-Shannon distance sqrt((KL(p|m) + KL(q|m)) / 2), 0 to sqrt(ln 2) = .83. Counts need not sum to 1. */
export function jensenShannon(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length)
    throw new ShapeError(`${a.length} kinds of errors against ${b.length}`, {
      code: 'SEN_SHP_TRIALS',
    });
  const sum = (counts: readonly number[]): number =>
    counts.reduce((total, count) => total + count, 0);
  const [totalA, totalB] = [sum(a), sum(b)];
  if (totalA === 0 || totalB === 0) throw new RangeError('a side has no error');
  let divergence = 0;
  a.forEach((count, kind) => {
    const p = count / totalA;
    const q = (b[kind] as number) / totalB;
    const m = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log(p / m)) / 2;
    if (q > 0) divergence += (q * Math.log(q / m)) / 2;
  });
  // Rounding may leave a crumb below 0 for equal distributions.
  return Math.sqrt(Math.max(0, divergence));
}

export interface Divergence {
  readonly distance: number;
  /** Less the mean distance of two random halves of all errors together: 0 = no more apart than chance. */
  readonly corrected: number;
  readonly errorsA: number;
  readonly errorsB: number;
}

/** Undefined below 100 errors on either side: the bias of small samples would drown the difference. */
export function divergence(
  a: readonly number[],
  b: readonly number[],
  random: Random,
  rounds = 500,
): Divergence | undefined {
  const errorsA = a.reduce((sum, count) => sum + count, 0);
  const errorsB = b.reduce((sum, count) => sum + count, 0);
  if (Math.min(errorsA, errorsB) < FEWEST_ERRORS) return undefined;
  const all = a.flatMap((count, kind) => new Array<number>(count + (b[kind] as number)).fill(kind));
  let chance = 0;
  for (let round = 0; round < rounds; round++) {
    random.shuffle(all);
    const counted = (kinds: readonly number[]): number[] => {
      const counts = a.map(() => 0);
      for (const kind of kinds) counts[kind] = (counts[kind] as number) + 1;
      return counts;
    };
    chance += jensenShannon(counted(all.slice(0, errorsA)), counted(all.slice(errorsA))) / rounds;
  }
  const distance = jensenShannon(a, b);
  return { distance, corrected: distance - chance, errorsA, errorsB };
}

/** (K (K - 1),) errors of each kind and answer: all cells off the diagonal. */
export function errorsByCell(confusion: readonly (readonly number[])[]): readonly number[] {
  return confusion.flatMap((row, kind) => row.filter((_, answer) => answer !== kind));
}
