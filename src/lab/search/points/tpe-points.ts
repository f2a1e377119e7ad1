// Tree-structured Parzen estimators for numbers and choices: prefers points that are likelier among the good than among others.
import { z } from 'zod';
import type { Random } from '../../../engine/random.ts';
import type { Evaluated, Point, PointMethod, Variable } from './contract.ts';
import type { PointHistory } from './history.ts';
import {
  drawnFresh,
  initialOption,
  initialThen,
  type PointPolicy,
  pointByPoint,
  upToObjectives,
} from './one-by-one.ts';
import { penalisedValues } from './scalar.ts';

const options = z.strictObject({
  initial: initialOption,
  gamma: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.25)
    .describe('Share of the known points, of their root, that count as good')
    .meta({ unit: 'share' }),
  draws: z
    .int()
    .min(1)
    .max(100_000)
    .default(24)
    .describe('Points that are drawn from the density of the good ones and compared')
    .meta({ unit: 'points' }),
});

type Options = z.infer<typeof options>;

/**
 * Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section 4: each variable has its own estimator, a mixture
 * of a uniform density and a normal one for each point, as wide as the distance to its farther neighbour; gamma sqrt(n) points are
 * good, as in hyperopt. A point that breaks constraints counts as worse than all others.
 */
export const tpePoints: PointMethod<Options> = {
  kind: 'tpe',
  summary: 'tree-structured Parzen estimators, for one objective',
  mostObjectives: 1,
  options,
  start: upToObjectives(1, 'tpe', pointByPoint(compare)),
};

function compare(history: PointHistory, options: Options, random: Random): PointPolicy {
  const { space } = history;

  function chosen(): Point | undefined {
    const { evaluated } = history;
    const values = penalisedValues(evaluated);
    const order = [...evaluated.keys()].sort(
      (a, b) => (values[a] as number) - (values[b] as number),
    );
    const count = Math.ceil(options.gamma * Math.sqrt(evaluated.length));
    const placesOf = (some: readonly number[]) =>
      some.map((i) => space.toUnit((evaluated[i] as Evaluated).point));
    const [good, others] = [order.slice(0, count), order.slice(count)].map((some) =>
      estimatorsOf(placesOf(some), space.variables),
    ) as [readonly Estimator[], readonly Estimator[]];
    let [best, most] = [undefined as Point | undefined, Number.NEGATIVE_INFINITY];
    for (let draw = 0; draw < options.draws; draw++) {
      const unit = good.map((one) => one.draw(random));
      const point = space.fromUnit(unit);
      const ratio = unit.reduce(
        (sum, at, i) =>
          sum + Math.log((good[i] as Estimator).at(at) / (others[i] as Estimator).at(at)),
        0,
      );
      if (ratio > most && history.isFresh(point)) [best, most] = [point, ratio];
    }
    return best;
  }

  return initialThen(history, options.initial, () => {
    const point = chosen();
    return point ? { point, reason: 'acquisition' } : drawnFresh(history, 'random');
  });
}

/** A density over the unit interval. */
interface Estimator {
  at(unit: number): number;
  draw(random: Random): number;
}

function estimatorsOf(
  places: readonly Float64Array[],
  variables: readonly Variable[],
): readonly Estimator[] {
  return variables.map((variable, i) => {
    const own = places.map((place) => place[i] as number);
    return variable.kind === 'choice' ? counted(own, variable.options) : parzen(own);
  });
}

/** Frequencies of options, each counted once more. */
function counted(own: readonly number[], options: number): Estimator {
  const optionAt = (unit: number) => Math.min(Math.floor(unit * options), options - 1);
  const counts = new Float64Array(options).fill(1);
  for (const unit of own) counts[optionAt(unit)] = (counts[optionAt(unit)] as number) + 1;
  const total = own.length + options;
  return {
    at: (unit) => (options * (counts[optionAt(unit)] as number)) / total,
    draw(random) {
      let left = random.uniform() * total;
      const option = counts.findIndex((count) => {
        left -= count;
        return left < 0;
      });
      return (Math.max(option, 0) + 0.5) / options;
    },
  };
}

/** Greatest share of the interval that a normal part is narrower than, divided by one more than the number of points. */
const NARROWEST = 1;
/** Draws of a normal part before it counts as having none within the interval. */
const TRIES = 100;

function parzen(own: readonly number[]): Estimator {
  const sorted = [...own].sort((a, b) => a - b);
  const least = NARROWEST / Math.min(100, own.length + 1);
  const parts = sorted.map((centre, i) => {
    const [before, after] = [sorted[i - 1] ?? 0, sorted[i + 1] ?? 1];
    const width = Math.max(centre - before, after - centre);
    return { centre, width: Math.min(Math.max(width, least), 1) };
  });
  const share = 1 / (parts.length + 1);
  return {
    at: (unit) =>
      parts.reduce(
        (sum, { centre, width }) =>
          sum + (share * Math.exp(-(((unit - centre) / width) ** 2) / 2)) / (width * ROOT_OF_TURN),
        share,
      ),
    draw(random) {
      const part = parts[random.integer(parts.length + 1)];
      for (let attempt = 0; part && attempt < TRIES; attempt++) {
        const unit = part.centre + part.width * random.normal();
        if (unit >= 0 && unit < 1) return unit;
      }
      return random.uniform();
    },
  };
}

const ROOT_OF_TURN = Math.sqrt(2 * Math.PI);
