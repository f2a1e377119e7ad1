// Rows that each way to choose them needs for the same errors, over seeds.
import { countOf } from '../../src/engine/regression/regressor.ts';
import { mean, median } from '../../src/engine/statistics.ts';
import {
  type Curve,
  curveOf,
  errorAt,
  type Race,
  rowsFor,
  STRATEGIES,
  type Strategy,
} from './rows-needed.ts';

/** ProTran's criterion: mean squared error of each quantity in squared parts of its greatest value. */
const PROTRAN = 0.005;

/** Share of the rows after which the error of chance is taken as a mark too. */
const SHARE = 0.5;

/** Devices on which the way to choose is chosen; it is reported on the others. */
export const CHOSEN_ON: readonly string[] = ['cpu_m1-pro_b32_r1', 'gpu_a100_b128_r3'];

export interface Needed {
  /** Median over the seeds; seeds that never get there count as all rows. */
  readonly rows: number;
  /** Seeds that got there. */
  readonly reached: number;
}

export interface RaceRow {
  readonly device: string;
  readonly mark: 'protran' | 'half';
  readonly error: number;
  readonly needed: Readonly<Record<Strategy, Needed>>;
  readonly seeds: number;
}

export function raceRows(device: string, race: Race, seeds: number): readonly RaceRow[] {
  const numbers = Array.from({ length: seeds }, (_, seed) => seed + 1);
  const curves = STRATEGIES.map(
    (strategy) => [strategy, numbers.map((seed) => curveOf(race, strategy, seed))] as const,
  );
  const byChance = curves.find(([strategy]) => strategy === 'random')?.[1] ?? [];
  const all = byChance[0]?.at(-1)?.[0] ?? countOf(race.points);
  const marks = [
    ['protran', PROTRAN],
    ['half', errorAt(all * SHARE, byChance)],
  ] as const;
  return marks.map(([mark, error]) => ({
    ...{ device, mark, error, seeds },
    needed: Object.fromEntries(
      curves.map(([strategy, each]) => [strategy, neededFor(error, each)]),
    ) as Record<Strategy, Needed>, // one for each strategy
  }));
}

function neededFor(error: number, curves: readonly Curve[]): Needed {
  const found = curves.map((curve) => rowsFor(error, curve));
  return {
    rows: median(found.map((rows, i) => rows ?? curves[i]?.at(-1)?.[0] ?? 0)),
    reached: found.filter((rows) => rows !== undefined).length,
  };
}

/** Of the ways that are not chance, the one that needs the smallest share of its rows on these devices. */
export function bestStrategy(rows: readonly RaceRow[]): Strategy | undefined {
  const judged = rows.filter(({ device }) => CHOSEN_ON.includes(device));
  if (judged.length === 0) return undefined;
  const shareOf = (strategy: Strategy) => mean(judged.map((row) => shareOfChance(row, strategy)));
  return STRATEGIES.filter((strategy) => strategy !== 'random').reduce((best, one) =>
    shareOf(one) < shareOf(best) ? one : best,
  );
}

export function shareOfChance({ needed }: RaceRow, strategy: Strategy): number {
  return needed[strategy].rows / needed.random.rows;
}
