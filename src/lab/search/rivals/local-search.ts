// Hill climbing: goes to the first neighbour that is better, and elsewhere when none is.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import { initialOption } from './parts/initial-option.ts';
import type { Ledger } from './parts/ledger.ts';
import { oneByOne, type Policy } from './parts/one-by-one.ts';

const options = z.strictObject({ initial: initialOption });

type LocalSearchOptions = z.infer<typeof options>;

/**
 * As naszilla's: each climb begins at the best of `initial` random candidates and takes the first better neighbour. An
 * outcome that comes late counts too, wherever the climb has gone meanwhile.
 */
export const localSearch: SearchMethod<LocalSearchOptions> = {
  kind: 'local-search',
  summary: 'hill climbing from the best of a random few, again and again',
  options,
  start: oneByOne(climb),
};

function climb(
  candidates: Candidates,
  { initial }: LocalSearchOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  let drawn = 0;
  let top: { readonly candidate: number; readonly value: number } | undefined;
  let ahead: number[] | undefined;

  function lookAround(candidate: number): void {
    ahead = [...candidates.neighbours(candidate)];
    random.shuffle(ahead);
  }

  function nextFresh(): number | undefined {
    for (let next = ahead?.pop(); next !== undefined; next = ahead?.pop()) {
      if (ledger.isFresh(next)) return next;
    }
    return undefined;
  }

  return {
    next() {
      if (drawn >= initial) {
        const candidate = nextFresh();
        if (candidate !== undefined) return { candidate, reason: 'neighbour' };
        if (ledger.pending.size > 0) return undefined;
        // At the top of a hill.
        [drawn, top, ahead] = [0, undefined, undefined];
      }
      drawn++;
      return { candidate: ledger.drawFresh(random), reason: 'initial' };
    },
    learn({ candidate, value = -Number.MAX_VALUE }) {
      const climbing = ahead !== undefined;
      const better = !top || value > top.value;
      if (better) top = { candidate, value };
      const allDrawn = drawn >= initial && ledger.pending.size === 0;
      if (top && ((climbing && better) || (!climbing && allDrawn))) lookAround(top.candidate);
    },
  };
}
