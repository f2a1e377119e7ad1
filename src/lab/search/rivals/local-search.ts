// Hill climbing: moves to the first better neighbour, and restarts elsewhere if there is none.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, SearchMethod } from '../contract.ts';
import type { Ledger } from './one-by-one.ts';
import { initialOption, oneByOne, type Policy } from './one-by-one.ts';

const options = z.strictObject({ initial: initialOption });

type LocalSearchOptions = z.infer<typeof options>;

/**
 * As in naszilla: each climb starts at the best of `initial` random candidates and takes the first better neighbour. A late
 * outcome counts too, even if the climb has moved on.
 */
export const localSearch: SearchMethod<LocalSearchOptions> = {
  kind: 'local-search',
  summary: 'hill climbing with restarts, each from the best of a random few',
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
