// Accelerators as candidates of a search: a place for each choice, whose neighbours have the next value of one place.
import { ConfigError } from '../../core/errors.ts';
import { createRandom } from '../../engine/random.ts';
import type { Candidates } from '../../lab/search/contract.ts';
import type { Accelerator } from '../../lab/simulator/accelerator.ts';
import { areaMm2 } from '../../lab/simulator/hardware.ts';
import { lacksFigures } from '../../lab/simulator/price.ts';
import {
  type AcceleratorSpace,
  acceleratorAt,
  choicesAt,
  numberAt,
  placesOf,
  spaceSize,
} from '../../lab/simulator/space.ts';
import { short } from './costs.ts';

/** What makes an accelerator a candidate before anything is simulated. */
export interface AcceleratorNeeds {
  /** Whether the network computes what only lanes with a GeLU do. */
  readonly smooth: boolean;
  /** Whether energies are compared, for which all of the figures must be published. */
  readonly comparesEnergy: boolean;
  readonly training: boolean;
  readonly maxAreaMm2?: number | undefined;
}

/** Accelerators of a space by their numbers in it. */
export interface AcceleratorCandidates extends Candidates {
  readonly numbers: readonly number[];
  at(candidate: number): Accelerator;
}

/** Up to so many accelerators of a space are listed. */
const LISTED = 50_000;
/** Of larger spaces so many are drawn. */
const DRAWN = 20_000;

/** Draws for each number that is to be found, before a drawn library stays smaller. */
const TRIES = 20;

export function isListed(space: AcceleratorSpace): boolean {
  return spaceSize(space) <= LISTED;
}

/**
 * Numbers of all accelerators that keep to the needs, or of a library of a large space. Throws `ConfigError` where there are
 * none, which says how far off the least area is.
 */
export function legalAccelerators(
  space: AcceleratorSpace,
  needs: AcceleratorNeeds,
  seed: number,
): readonly number[] {
  const size = spaceSize(space);
  const isLegal = (number: number): boolean => keeps(acceleratorAt(space, number), needs);
  const legal = isListed(space)
    ? Array.from({ length: size }, (_, number) => number).filter(isLegal)
    : drawnNumbers(size, DRAWN, seed, isLegal);
  if (legal.length > 0) return legal;
  const smallest = smallestOf(space, { ...needs, maxAreaMm2: undefined });
  if (smallest === undefined || !isLegal(smallest)) throw nothingLegal(space, needs, smallest);
  // So few of a large space keep to the needs that none of them was drawn.
  return [smallest, ...around(space, needs, [smallest])].sort((a, b) => a - b);
}

/** Different numbers below `size` in ascending order: `count` of them, or as many as that many draws find. */
export function drawnNumbers(
  size: number,
  count: number,
  seed: number,
  isLegal: (number: number) => boolean = () => true,
): readonly number[] {
  const random = createRandom(seed);
  const found = new Set<number>();
  for (let tries = 0; found.size < count && tries < TRIES * count; tries += 1) {
    const number = random.integer(size);
    if (isLegal(number)) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}

function keeps(
  accelerator: Accelerator,
  { smooth, comparesEnergy, training, maxAreaMm2 = Number.POSITIVE_INFINITY }: AcceleratorNeeds,
): boolean {
  if (smooth && accelerator.nonLinearity === 'relu') return false;
  if (comparesEnergy && lacksFigures(accelerator)) return false;
  return areaMm2(accelerator, training) <= maxAreaMm2;
}

function nothingLegal(
  space: AcceleratorSpace,
  needs: AcceleratorNeeds,
  smallest: number | undefined,
): ConfigError {
  const { maxAreaMm2, training } = needs;
  const least =
    smallest === undefined ? undefined : areaMm2(acceleratorAt(space, smallest), training);
  return new ConfigError(
    least === undefined || maxAreaMm2 === undefined
      ? `no accelerator of the space ${space.name} can be taken: it needs lanes with a gelu${needs.comparesEnergy ? ' and a memory whose standby power is published (not hbm)' : ''}`
      : `no accelerator of the space ${space.name} keeps within ${short(maxAreaMm2)} mm2: the smallest has ${short(least)} mm2, ${short(least - maxAreaMm2)} more: raise --max-area-mm2, or take another space`,
    { code: 'SEN_CFG_SEARCH_LIMITS' },
  );
}

/** Its number. Area grows with each ordered place, so that only the least values of these have to be looked at. */
function smallestOf(space: AcceleratorSpace, needs: AcceleratorNeeds): number | undefined {
  const places = placesOf(space);
  let combinations: readonly (readonly number[])[] = [[]];
  for (const { values, isOrdered } of places) {
    const numbers = values as readonly number[];
    const least = isOrdered ? [numbers.indexOf(Math.min(...numbers))] : [...values.keys()];
    const looked = isOrdered && numbers[0] === undefined ? [0] : least;
    combinations = combinations.flatMap((chosen) => looked.map((choice) => [...chosen, choice]));
  }
  const [smallest] = combinations
    .map((chosen) => numberAt(space, chosen))
    .map((number) => ({ number, accelerator: acceleratorAt(space, number) }))
    .filter(({ accelerator }) => keeps(accelerator, needs))
    .map(({ number, accelerator }) => ({ number, area: areaMm2(accelerator, needs.training) }))
    .sort((a, b) => a.area - b.area);
  return smallest?.number;
}

/** A place where the accelerators differ. */
interface OpenPlace {
  /** Among all places of the space. */
  readonly place: number;
  readonly values: number;
  readonly isOrdered: boolean;
}

/**
 * Candidates in the order of the numbers, with a choice for each place where they differ. Coordinates run from 0 to 1 over the
 * values of an ordered place; values without an order have one each. Neighbours have the next value of an ordered place, or
 * another one of a place without order.
 */
export function acceleratorCandidates(
  space: AcceleratorSpace,
  numbers: readonly number[],
): AcceleratorCandidates {
  const all = numbers.map((number) => choicesAt(space, number));
  const [first = []] = all;
  const open = placesOf(space).flatMap(({ values, isOrdered }, place): readonly OpenPlace[] =>
    all.some((chosen) => chosen[place] !== first[place])
      ? [{ place, values: values.length, isOrdered }]
      : [],
  );
  const candidateOf = new Map(numbers.map((number, candidate) => [number, candidate]));
  const rows = all.map((chosen) => open.map(({ place }) => chosen[place] as number));

  function find(chosen: ArrayLike<number>): number | undefined {
    const whole = [...first];
    for (const [i, { place }] of open.entries()) whole[place] = chosen[i] as number;
    return candidateOf.get(numberAt(space, whole));
  }

  return {
    ...{ count: numbers.length, numbers, find },
    neighbours: (candidate) =>
      nextTo(space, numbers[candidate] as number)
        .flatMap((number) => candidateOf.get(number) ?? [])
        .sort((a, b) => a - b),
    coordinates: coordinatesOf(open, rows),
    choices: { sizes: open.map(({ values }) => values), values: Int32Array.from(rows.flat()) },
    at: (candidate) => acceleratorAt(space, numbers[candidate] as number),
  };
}

/** Numbers of the accelerators one step away. */
function nextTo(space: AcceleratorSpace, number: number): readonly number[] {
  const chosen = choicesAt(space, number);
  return placesOf(space).flatMap(({ values, isOrdered }, place) => {
    const at = chosen[place] as number;
    return [...values.keys()]
      .filter((other) => (isOrdered ? Math.abs(other - at) === 1 : other !== at))
      .map((other) => numberAt(space, chosen.with(place, other)));
  });
}

/** Steps from the best accelerators within which a library is drawn anew. */
const AROUND = 2;

/** Legal accelerators at most two steps from some of them, those themselves not among them. */
export function around(
  space: AcceleratorSpace,
  needs: AcceleratorNeeds,
  best: readonly number[],
): readonly number[] {
  const found = new Set(best);
  let last = best;
  for (let step = 0; step < AROUND; step += 1) {
    last = last.flatMap((number) => nextTo(space, number)).filter((one) => !found.has(one));
    for (const number of last) found.add(number);
  }
  const own = new Set(best);
  return [...found].filter((one) => !own.has(one) && keeps(acceleratorAt(space, one), needs));
}

function coordinatesOf(
  open: readonly OpenPlace[],
  rows: readonly (readonly number[])[],
): Candidates['coordinates'] {
  const width = open.reduce((sum, { values, isOrdered }) => sum + (isOrdered ? 1 : values), 0);
  const all = new Float64Array(rows.length * width);
  for (const [candidate, row] of rows.entries()) {
    let at = candidate * width;
    for (const [i, { values, isOrdered }] of open.entries()) {
      const choice = row[i] as number;
      if (isOrdered) all[at] = choice / (values - 1);
      else all[at + choice] = 1;
      at += isOrdered ? 1 : values;
    }
  }
  return { values: all, width };
}

/** Undefined where it throws `ConfigError`, e.g. for a network that does not fit. */
export function unlessImpossible<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** Draws that the scale of simulated costs comes from: TransCODE's number of random samples. */
export const SCALED_BY = 100;

/**
 * The costs of those draws that fit, in their order; `pause` comes before each. Throws the last fault where none fits.
 */
export async function costsThatFit<Draw, Cost>(
  draws: Iterable<Draw>,
  costOf: (draw: Draw) => Cost,
  pause: () => Promise<void>,
): Promise<readonly Cost[]> {
  const found: Cost[] = [];
  let fault: unknown;
  for (const draw of draws) {
    await pause();
    try {
      found.push(costOf(draw));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      fault = error;
    }
  }
  if (found.length > 0) return found;
  throw fault;
}
