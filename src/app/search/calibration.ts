// Whether the surrogate knows what it says: each evaluation foretold from those before it, against what came.
import type { Points, Regressor } from '../../engine/regression/regressor.ts';
import { mean } from '../../engine/statistics.ts';
import type { Told } from './session.ts';

export interface Foretold {
  readonly candidate: number;
  readonly mean: number;
  /** Both uncertainties together, one standard deviation. */
  readonly deviation: number;
  /** What came: mean performance. */
  readonly value: number;
}

/** Evaluations that the first surrogate learns from. */
const FIRST = 10;
/** Evaluations from one surrogate to the next. */
const BLOCK = 5;

/**
 * In the order of the evaluations; none for the first ten, nor for infeasible ones. `learn` is given ever more points.
 */
export function calibrationOf(
  coordinates: Points,
  history: readonly Pick<Told, 'evaluated' | 'performances'>[],
  learn: (points: Points, y: Float64Array) => Regressor,
): readonly Foretold[] {
  const known = history.flatMap(({ evaluated: { candidate }, performances }) =>
    performances.length > 0 ? [{ candidate, value: mean(performances) }] : [],
  );
  const blocks: Foretold[][] = [];
  for (let from = FIRST; from < known.length; from += BLOCK) {
    const before = known.slice(0, from);
    const block = known.slice(from, from + BLOCK);
    const y = Float64Array.from(before, ({ value }) => value);
    const told = learn(pointsAt(coordinates, before), y).predict(pointsAt(coordinates, block));
    blocks.push(
      block.map((one, i) => ({
        ...one,
        mean: told.mean[i] as number,
        deviation: Math.hypot(told.aleatoric[i] as number, told.epistemic[i] as number),
      })),
    );
  }
  return blocks.flat();
}

function pointsAt(
  { values, width }: Points,
  rows: readonly { readonly candidate: number }[],
): Points {
  const chosen = new Float64Array(rows.length * width);
  for (const [i, { candidate }] of rows.entries()) {
    chosen.set(values.subarray(candidate * width, (candidate + 1) * width), i * width);
  }
  return { values: chosen, width };
}
