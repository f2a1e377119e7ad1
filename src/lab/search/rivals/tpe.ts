// Tree-structured Parzen estimators over choices: prefers options that are more frequent in good candidates than in others.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Candidates, Choices, SearchMethod } from '../contract.ts';
import {
  freshPool,
  initialOption,
  type Ledger,
  oneByOne,
  type Policy,
  poolOption,
} from './one-by-one.ts';

const options = z.strictObject({
  initial: initialOption,
  pool: poolOption,
  gamma: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Outcomes that count as good')
    .meta({ unit: 'share' }),
  prior: z
    .number()
    .positive()
    .default(1)
    .describe('Pseudo-count of candidates for every option before any outcome')
    .meta({ unit: 'candidates' }),
});

type TpeOptions = z.infer<typeof options>;

/**
 * Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section 4, with the categorical prior and, as in
 * Optuna, a share of outcomes that count as good. Pending candidates do not count as good. Departs from it: compares the
 * ratio of the densities for all fresh candidates, instead of for draws from the density of the good.
 */
export const tpe: SearchMethod<TpeOptions> = {
  kind: 'tpe',
  summary: 'tree-structured Parzen estimators over the choices',
  options,
  start: oneByOne(compare),
};

function compare(
  candidates: Candidates,
  { initial, pool: poolSize, gamma, prior }: TpeOptions,
  ledger: Ledger,
  random: Random,
): Policy {
  const choices = withPresence(candidates.choices);

  function choose(): number {
    const count = Math.ceil(gamma * ledger.told.length);
    const good = ledger.best(count).map(({ candidate }) => candidate);
    const known = [...ledger.told.map(({ candidate }) => candidate), ...ledger.pending];
    const isGood = new Set(good);
    const others = known.filter((candidate) => !isGood.has(candidate));
    const wanted = logDensity(choices, good, prior);
    const unwanted = logDensity(choices, others, prior);
    let [chosen, most] = [-1, Number.NEGATIVE_INFINITY];
    for (const candidate of freshPool(candidates, ledger, poolSize, random)) {
      const ratio = wanted(candidate) - unwanted(candidate);
      if (ratio > most) [chosen, most] = [candidate, ratio];
    }
    return chosen;
  }

  return {
    next() {
      if (ledger.proposed < initial) {
        return { candidate: ledger.drawFresh(random), reason: 'initial' };
      }
      if (ledger.best(1).length > 0) return { candidate: choose(), reason: 'acquisition' };
      if (ledger.pending.size > 0) return undefined;
      return { candidate: ledger.drawFresh(random), reason: 'random' };
    },
  };
}

/**
 * Natural logarithm of the density of a candidate, estimated from a sample, up to a constant; places are taken as independent.
 * Options are counted among the candidates of the sample that have the place; `prior` is added to each count, so that no
 * option has probability 0.
 */
export function logDensity(
  { sizes, values }: Choices,
  sample: readonly number[],
  prior: number,
): (candidate: number) => number {
  const places = sizes.length;
  const counts = sizes.map((size) => new Float64Array(size).fill(prior));
  for (const candidate of sample) {
    for (const [place, count] of counts.entries()) {
      const option = values[candidate * places + place] as number;
      if (option >= 0) count[option] = (count[option] as number) + 1;
    }
  }
  const logs = counts.map((count) => {
    const total = count.reduce((sum, one) => sum + one, 0);
    return count.map((one) => Math.log(one / total));
  });
  return (candidate) =>
    logs.reduce((sum, log, place) => {
      const option = values[candidate * places + place] as number;
      return option >= 0 ? sum + (log[option] as number) : sum;
    }, 0);
}

/**
 * Adds one choice: which places the candidate has. Without it, the density would ignore the number of layers; if absence were
 * an option of every place, a layer would count as often as it has places.
 */
export function withPresence({ sizes, values }: Choices): Choices {
  const places = sizes.length;
  const kinds = new Map<string, number>();
  const count = values.length / places;
  const more = new Int32Array(count * (places + 1));
  for (let candidate = 0; candidate < count; candidate++) {
    const options = values.subarray(candidate * places, (candidate + 1) * places);
    const presence = options.map((option) => (option < 0 ? 0 : 1)).join('');
    if (!kinds.has(presence)) kinds.set(presence, kinds.size);
    more.set(options, candidate * (places + 1));
    more[candidate * (places + 1) + places] = kinds.get(presence) as number;
  }
  return { sizes: [...sizes, kinds.size], values: more };
}
