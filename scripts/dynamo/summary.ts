// What the points of one data set come to: each policy over all series and seeds, and segment by segment beside a run a
// row of the same network.
import { mean, standardDeviation } from '../../src/engine/statistics.ts';
import type { CurvePoint } from './point.ts';

export interface Summary {
  /** Each series weighs alike, however long. */
  readonly rowsPerRun: number;
  /** VUS-PR: of each seed the mean over the series, and of these. */
  readonly area: number;
  /** Between the seeds. */
  readonly deviation: number;
  readonly caught: number;
  readonly segments: number;
  readonly falseRows: number;
  /** Rows from where a run a row catches a segment to where this policy does, of those that both catch. */
  readonly shifts: readonly number[];
  /** Segments that only this policy catches, and those that only a run a row does. */
  readonly won: number;
  readonly lost: number;
}

/** Throws `RangeError` unless each point has one of the base for its series and seed. */
export function summarise(points: readonly CurvePoint[], base: readonly CurvePoint[]): Summary {
  const scored = points.filter(({ vusPr }) => vusPr !== null);
  const areas = [...new Set(points.map(({ seed }) => seed))].map((seed) =>
    mean(scored.filter((point) => point.seed === seed).map(({ vusPr }) => vusPr as number)),
  );
  const pairs = points.flatMap((point) => {
    const { delays } = baseOf(point, base);
    return point.delays.map((delay, i) => [delay, delays[i] ?? null] as const);
  });
  return {
    rowsPerRun: 1 / mean(points.map(({ rowsPerRun }) => 1 / rowsPerRun)),
    area: mean(areas),
    deviation: standardDeviation(areas),
    caught: pairs.filter(([own]) => own !== null).length,
    segments: pairs.length,
    falseRows: points.reduce((sum, point) => sum + point.falseRows, 0),
    shifts: pairs.flatMap(([own, other]) => (own === null || other === null ? [] : [own - other])),
    won: pairs.filter(([own, other]) => own !== null && other === null).length,
    lost: pairs.filter(([own, other]) => own === null && other !== null).length,
  };
}

function baseOf({ series, seed }: CurvePoint, base: readonly CurvePoint[]): CurvePoint {
  const found = base.find((each) => each.series === series && each.seed === seed);
  if (found) return found;
  throw new RangeError(`there is no run a row on ${series} with seed ${seed}`);
}
