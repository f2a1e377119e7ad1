import { z } from 'zod';
import type { Random } from '../../../../engine/random.ts';
import type { Candidates } from '../../contract.ts';
import type { Ledger } from './ledger.ts';

/** Of the best known candidates, whose neighbours are always looked at. */
const INCUMBENTS = 10;

export const poolOption = z
  .int()
  .min(1)
  .default(5000)
  .describe('Random candidates that are compared for each choice, beside neighbours of the best')
  .meta({ unit: 'candidates' });

/** Fresh candidates, in random order so that equal ones have equal chances: all, or of more than `size` a part. */
export function freshPool(
  candidates: Candidates,
  ledger: Ledger,
  size: number,
  random: Random,
): Uint32Array {
  if (ledger.fresh <= size) {
    const all = ledger.freshCandidates().slice();
    random.shuffle(all);
    return all;
  }
  const pool = new Set(
    ledger
      .best(INCUMBENTS)
      .flatMap(({ candidate }) => candidates.neighbours(candidate))
      .filter((neighbour) => ledger.isFresh(neighbour)),
  );
  for (let i = 0; i < size; i++) pool.add(ledger.drawFresh(random));
  const some = Uint32Array.from(pool);
  random.shuffle(some);
  return some;
}
