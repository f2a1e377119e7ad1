// Rows that active learning and chance need for the same errors, over seeds.
import { countOf } from '../../src/engine/regression/regressor.ts';
import { median } from '../../src/engine/statistics.ts';
import { type Curve, curveOf, errorAt, type Race, rowsFor } from './rows-needed.ts';

/** ProTran's criterion: mean squared error of each quantity in squared parts of its greatest value. */
const PROTRAN = 0.005;

/** Share of the rows after which the error of chance is taken as a mark too. */
const SHARE = 0.5;

export interface RaceRow {
  readonly device: string;
  readonly mark: 'protran' | 'half';
  readonly error: number;
  /** Median over the seeds; seeds that never get there count as all rows. */
  readonly active: number;
  readonly random: number;
  /** Seeds that got there. */
  readonly activeSeeds: number;
  readonly randomSeeds: number;
  readonly seeds: number;
}

export function raceRows(device: string, race: Race, seeds: number): readonly RaceRow[] {
  const numbers = Array.from({ length: seeds }, (_, seed) => seed + 1);
  const active = numbers.map((seed) => curveOf(race, 'active', seed));
  const random = numbers.map((seed) => curveOf(race, 'random', seed));
  const all = countOf(race.points);
  const half = errorAt((random[0]?.at(-1)?.[0] ?? all) * SHARE, random);
  return (
    [
      ['protran', PROTRAN],
      ['half', half],
    ] as const
  ).map(([mark, error]) => {
    const [byActive, byRandom] = [needed(active, error), needed(random, error)];
    return {
      device,
      mark,
      error,
      active: byActive.rows,
      random: byRandom.rows,
      activeSeeds: byActive.seeds,
      randomSeeds: byRandom.seeds,
      seeds,
    };
  });
}

function needed(curves: readonly Curve[], error: number): { rows: number; seeds: number } {
  const found = curves.map((curve) => rowsFor(error, curve));
  return {
    rows: median(found.map((rows, i) => rows ?? curves[i]?.at(-1)?.[0] ?? 0)),
    seeds: found.filter((rows) => rows !== undefined).length,
  };
}
