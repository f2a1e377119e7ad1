// BOSHNAS: Bayesian optimisation using a second-order gradient and a heteroscedastic surrogate.
import type { SearchMethod } from '../contract.ts';
import { type SurrogateSearchOptions, surrogateSearchOptions } from './options.ts';
import { surrogateSearch } from './surrogate-search.ts';

/** Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?", section on BOSHNAS. */
export const boshnas: SearchMethod<SurrogateSearchOptions> = {
  kind: 'boshnas',
  summary: 'climbs a learned surrogate by the gradient of its input, and learns again',
  options: surrogateSearchOptions,
  start: (candidates, options, seed) =>
    surrogateSearch({ candidates, halves: [candidates] }, options, seed),
};
