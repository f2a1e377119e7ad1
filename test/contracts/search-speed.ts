// How soon a search method finds the best of a small space.
import { median } from '../../src/engine/statistics.ts';
import { boshnas } from '../../src/lab/search/boshnas/boshnas.ts';
import { graphBreathe } from '../../src/lab/search/breathe/graph-breathe.ts';
import type { SearchMethod } from '../../src/lab/search/contract.ts';
import { gridCandidates, smoothValue } from '../lab/search/toy.ts';

/** Those that train networks for each proposal. */
export const networkMethods: readonly SearchMethod[] = [boshnas, graphBreathe];

/** 200 candidates. */
export const toy = gridCandidates([5, 5, 8]);
const best = Math.max(...Array.from({ length: toy.count }, (_, i) => smoothValue(toy, i)));

/** Median over so many seeds, with the method's own options. */
export function evaluationsUntilBest(method: SearchMethod, seeds: number): number {
  return median(Array.from({ length: seeds }, (_, seed) => evaluationsOf(method, seed)));
}

function evaluationsOf(method: SearchMethod, seed: number): number {
  const search = method.start(toy, method.options.parse({}), seed);
  for (let evaluations = 1; ; evaluations++) {
    const candidate = search.propose(1)[0]?.candidate as number;
    const value = smoothValue(toy, candidate);
    if (value === best) return evaluations;
    search.tell({ candidate, values: [value] });
  }
}
