// How far the networks may be believed: by what they foretold of points before they learned from them.
import type { DistinctPoints } from '../distinct-points.ts';
import { rowOf } from '../points.ts';
import { MIDDLE, type Parts } from './parts.ts';

export interface Shrinkage {
  /** Looks at those points that are new, which `parts` have not learned from; absent = nothing was foretold of them. */
  judge(parts: Parts | undefined, points: DistinctPoints): void;
  /** 0 to 1: by how much to multiply what the networks say beside the trend. */
  readonly share: number;
}

/** Standard errors that are taken off: what is left is hardly luck. */
const ERRORS_OFF = 2;

/** Foretellings at least: fewer do not tell how large their error is. */
const LEAST_FORETOLD = 3;

/**
 * The slope of what came by what was foretold, through the origin, less twice its error: what a search asks for was chosen
 * because much was foretold of it, so foretellings at face value would be too high (the winner's curse), and where values
 * are mostly noise a slope of chance would have a search follow them. Ours.
 */
export function createShrinkage(): Shrinkage {
  const known = new Set<string>();
  let [products, squares, total, count] = [0, 0, 0, 0];
  return {
    judge(parts, { points, values }) {
      for (let row = 0; row < values.length; row++) {
        const point = rowOf(points, row);
        const key = point.join();
        if (known.has(key)) continue;
        known.add(key);
        if (!parts) continue;
        const { straight, networks } = apart(parts, point);
        const came = (values[row] as number) - straight;
        products += networks * came;
        squares += networks ** 2;
        total += came ** 2;
        count++;
      }
    },
    get share() {
      if (squares === 0 || count < LEAST_FORETOLD) return 0;
      const slope = products / squares;
      const left = Math.max(total - slope * products, 0) / (count - 1);
      return Math.min(Math.max(slope - ERRORS_OFF * Math.sqrt(left / squares), 0), 1);
    },
  };
}

/** What the trend says of one point, and what the networks add to it. */
function apart({ trend, gaussian, networksSee, trendSees, unit }: Parts, point: Float64Array) {
  const { mean } = gaussian.forward(networksSee.of(point), 1);
  const straight = trend.at(trendSees.of(point)).mean[0] as number;
  return { straight, networks: unit * ((mean[0] as number) - MIDDLE) };
}
