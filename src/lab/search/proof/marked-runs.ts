// Compares search methods by what they have reached after some numbers of evaluations: medians, and whether ours is ahead.
import { createRandom } from '../../../engine/random.ts';
import { holm, type Interval, medianInterval, signedRank } from './statistics.ts';

/** What runs are judged by. */
export interface Measure {
  readonly name: string;
  readonly better: 'more' | 'less';
}

export interface MarkedRun {
  readonly method: string;
  readonly seed: number;
  /** Of each measure by its name, after each of the numbers of evaluations that all runs share. Finite. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

export interface Figure {
  readonly method: string;
  readonly runs: number;
  /** Median over the runs. */
  readonly interval: Interval;
  /** Of ours against this method; absent for ours, and without common seeds. */
  readonly versus?: Versus;
}

interface Versus {
  /** Numbers of common seeds on which ours, or the other, is better. */
  readonly ahead: number;
  readonly behind: number;
  /** Wilcoxon's signed-rank test, two-sided, paired by seed; corrected after Holm within the family. */
  readonly adjusted: number;
  /** Chance accounted for: p of at most 5 %. */
  readonly verdict: 'ahead' | 'level' | 'behind';
}

const SIGNIFICANT = 0.05;

/**
 * A figure for each method at the mark of that `place`, ours first. Those that are ours without a part, named `<ours>-...`, are a
 * family of tests of their own.
 */
export function figuresAt(
  runs: readonly MarkedRun[],
  { name, better }: Measure,
  place: number,
  ours: string,
): readonly Figure[] {
  const bySeed = new Map<string, Map<number, number>>([[ours, new Map()]]);
  for (const { method, seed, values } of runs) {
    const own = bySeed.get(method) ?? new Map<number, number>();
    bySeed.set(method, own.set(seed, values[name]?.[place] as number));
  }
  const own = bySeed.get(ours) as ReadonlyMap<number, number>;
  const sign = better === 'more' ? 1 : -1;
  const versus = new Map(
    [false, true].flatMap((variants) => {
      const family = [...bySeed].filter(
        ([method]) => method !== ours && method.startsWith(`${ours}-`) === variants,
      );
      return versusEach(own, family, sign);
    }),
  );
  return [...bySeed]
    .filter(([, found]) => found.size > 0)
    .map(([method, found]) => {
      const against = versus.get(method);
      return {
        ...{ method, runs: found.size },
        interval: medianInterval([...found.values()], createRandom(1)),
        ...(against && { versus: against }),
      };
    });
}

type Found = ReadonlyMap<number, number>;

function versusEach(
  own: Found,
  family: readonly (readonly [string, Found])[],
  sign: number,
): readonly (readonly [string, Versus])[] {
  const compared = family.flatMap(([method, theirs]) => {
    const seeds = [...own.keys()].filter((seed) => theirs.has(seed));
    if (seeds.length === 0) return [];
    const pairs = seeds.map(
      (seed) => [sign * (own.get(seed) as number), sign * (theirs.get(seed) as number)] as const,
    );
    return [
      {
        method,
        ahead: pairs.filter(([x, y]) => x > y).length,
        behind: pairs.filter(([x, y]) => x < y).length,
        p: signedRank(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        ).p,
      },
    ];
  });
  const adjusted = holm(compared.map(({ p }) => p));
  return compared.map(({ method, ahead, behind }, i) => {
    const chance = adjusted[i] as number;
    const side = ahead > behind ? 'ahead' : 'behind';
    const verdict = chance <= SIGNIFICANT && ahead !== behind ? side : 'level';
    return [method, { ahead, behind, adjusted: chance, verdict }] as const;
  });
}
