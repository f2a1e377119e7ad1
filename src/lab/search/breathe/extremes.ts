// Points further out than all that are known: an end of a front is sought by one objective alone.
import type { Random } from '../../../engine/random.ts';
import type { Evaluated, Point } from '../points/contract.ts';
import { outputsOf } from '../points/history.ts';
import { chancesOfKeeping, likelyGains } from '../points/process-models.ts';
import {
  type Ranges,
  rangesOf,
  type Scalar,
  type ScalarOptions,
  scalarOf,
} from '../points/scalar.ts';
import { type Asking, freshEnds } from './climbs.ts';
import type { Outputs } from './surrogates.ts';

/** What must be gained, in ranges: an optimistic prediction is always a little lower than what is known. Our choice. */
export const LEAST_GAIN = 0.1;

/** An extreme that is less likely than this to keep all constraints is not worth an evaluation. Our choice. */
const LEAST_CHANCE = 0.01;

/**
 * The end of a climb that is lower in one objective than all that is known, by the gain times the chance that it keeps all
 * constraints; undefined if none is clearly lower and may keep them. A young archive may have a small range: what breaks a
 * constraint is then better by many ranges, and worth the penalty. So every other climb is under a penalty that is worth all that
 * was ever seen; under it alone climbs come to rest at the first limit they meet.
 */
export function furtherEnd(asking: Asking, outputs: Outputs, ranges: Ranges): Point | undefined {
  const { history, options, random } = asking;
  const { penalty, restarts, epistemicWeight } = options;
  const { objectives, archive, evaluated, space } = history;
  const extreme = drawnExtreme(objectives, random);
  const under = (own: number) => scalarOf(ranges, { ...extreme, penalty: own });
  const soft = under(penalty);
  const steep = under(penalty * rangesShown(evaluated, ranges));
  const scalars = Array.from({ length: restarts }, (_, i) => (i % 2 === 0 ? soft : steep));
  const fresh = freshEnds(asking, outputs, scalars);
  const ends = space.coordinatesOf(fresh);
  const sought = under(0);
  const gains = Float64Array.from(outputs.optimistic(ends), (row) =>
    furtherBy(sought.at(row), archive, sought),
  );
  const limits = outputs.predicted(ends, epistemicWeight).slice(objectives);
  const chances = chancesOfKeeping(limits, fresh.length);
  const merits = likelyGains(gains, chances);
  const [best] = [...fresh.keys()]
    .filter((i) => (gains[i] as number) > LEAST_GAIN)
    .filter((i) => (chances[i] as number) > Math.log(LEAST_CHANCE))
    .sort((a, b) => (merits[b] as number) - (merits[a] as number));
  return best === undefined ? undefined : fresh[best];
}

/** The most ranges of an archive that all outcomes reach over in an objective, at least 1. */
function rangesShown(evaluated: readonly Evaluated[], { range }: Ranges): number {
  const shown = rangesOf(evaluated, evaluated).range;
  return Math.max(1, ...shown.map((one, j) => one / (range[j] as number)));
}

/** Weight of the other objectives: of points that are alike in the one that is sought, what is better in the others. */
const BESIDE = 0.01;

/**
 * Seeks the least of one objective, drawn at random. All points of an archive may lie at one end of a front, and a single one has
 * the least value of each objective: then the Tchebycheff value, whose ideal is that point, is least there under all weights, and
 * no climb leads away; and what lies further than the reference adds no hypervolume. Knowles 2006 has weights of one objective
 * alone in his lattices; the flat Dirichlet distribution never draws them. A sum, since the maximum counts nothing that is better
 * than the ideal.
 */
export function drawnExtreme(
  objectives: number,
  random: Random,
): Pick<ScalarOptions, 'value' | 'weights'> {
  const sought = random.integer(objectives);
  const weights = new Array<number>(objectives).fill(BESIDE);
  weights[sought] = 1 - BESIDE * (objectives - 1);
  return { value: 'convex', weights };
}

/** By how much a predicted value is lower than those of the archive. */
export function furtherBy(
  value: number,
  archive: readonly Evaluated[],
  { at }: Pick<Scalar, 'at'>,
): number {
  return Math.min(...archive.map((one) => at(outputsOf(one)))) - value;
}
