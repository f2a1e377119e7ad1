// The search that all rivals share: a policy says which candidate is next, the ledger keeps the rest.
import { createRandom, type Random } from '../../../../engine/random.ts';
import type { Candidates, Proposal, Search, SearchMethod } from '../../contract.ts';
import { Ledger, type Told } from './ledger.ts';

/** What tells one method from another. */
export interface Policy {
  /** A fresh candidate, asked for only while there is one; undefined = wait for outcomes. */
  next(): Proposal | undefined;
  /** After the ledger has it. */
  learn?(told: Told): void;
}

/** `start` of a method. Finished once every candidate was proposed. How many are asked for at once changes nothing by itself. */
export function oneByOne<Options>(
  policyOf: (candidates: Candidates, options: Options, ledger: Ledger, random: Random) => Policy,
): SearchMethod<Options>['start'] {
  return (candidates, options, seed) => {
    const ledger = new Ledger(candidates.count);
    return searchBy(policyOf(candidates, options, ledger, createRandom(seed)), ledger);
  };
}

function searchBy(policy: Policy, ledger: Ledger): Search {
  return {
    propose(count) {
      const proposals: Proposal[] = [];
      while (proposals.length < count && ledger.fresh > 0) {
        const proposal = policy.next();
        if (!proposal) break;
        ledger.propose(proposal.candidate);
        proposals.push(proposal);
      }
      return proposals;
    },
    tell(outcome) {
      const told = ledger.tell(outcome);
      policy.learn?.(told);
    },
    get finished() {
      return ledger.fresh === 0;
    },
  };
}
