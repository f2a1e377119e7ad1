// BOSHNAS: Bayesian optimisation using a second-order gradient and a heteroscedastic surrogate.
import type { Search, SearchMethod } from '../contract.ts';
import { climbed, leastKnown } from './acquired.ts';
import { History } from './history.ts';
import { learningFrom } from './learning.ts';
import { type SurrogateSearchOptions, surrogateSearchOptions } from './options.ts';
import {
  type GuideSetup,
  type SearchArea,
  type SurrogateGuide,
  SurrogateSearch,
} from './surrogate-search.ts';

/** Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?", section on BOSHNAS. */
export const boshnas: SearchMethod<SurrogateSearchOptions> = {
  kind: 'boshnas',
  summary: 'climbs a learned surrogate by the gradient of its input, and learns again',
  options: surrogateSearchOptions,
  start: (candidates, options, seed) =>
    surrogateSearch({ candidates, halves: [candidates] }, options, seed),
};

/**
 * The search that BOSHNAS and BOSHCODE share: fit the surrogate to the outcomes, climb the acquisition by the gradient of its
 * input, and propose the best candidates near the end of each climb. Departs from both in four ways. Proposals are one step
 * from one of the best known candidates while there are enough of them, also when the most uncertain one is proposed. Random
 * candidates are chosen to be far apart, see `leastAlike`. The surrogate learns ranks, see `scoresOf`, and sees choices
 * beside the coordinates, see `inputsOf`. Epistemic uncertainty weighs six times what was published, since it now mostly
 * means that an option was tried rarely.
 */
export function surrogateSearch(
  area: SearchArea,
  options: SurrogateSearchOptions,
  seed: number,
): Search {
  return new SurrogateSearch(area, options, seed, guided);
}

/** How many of the best candidates are evaluated again. */
const REPEATED = 5;

function guided({ inputs, ...setup }: GuideSetup): SurrogateGuide {
  const { options, random } = setup;
  const history = new History();
  const learning = learningFrom(history, inputs, random.integer(2 ** 32));
  const context = { ...setup, history };
  const weights = { aleatoric: options.aleatoricWeight, epistemic: options.epistemicWeight };
  return {
    history,
    repeated: () => history.leastRepeated(REPEATED),
    leastKnown: () => leastKnown(context, (points) => learning.current().predict(points).epistemic),
    acquired(count) {
      const surrogate = learning.current();
      return climbed(context, {
        target: (rows) => surrogate.acquisition(weights, rows),
        worth: (points) => surrogate.worth(weights, points),
      }).slice(0, count);
    },
  };
}
