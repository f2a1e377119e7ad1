// A design as a row of choices, one place for each property; places with a single option are left out.
import {
  type DesignPoint,
  type EncoderLayer,
  type HeadName,
  nameOf,
} from '../../../models/design-point.ts';
import type { Choices } from '../contract.ts';
import { headOf, ordered, ownHeadWidth } from './design-key.ts';
import type { DesignSpace } from './space.ts';

/** Column of the row; undefined = there is only one option. */
type Place = number | undefined;

interface LayerPlaces {
  readonly hidden: Place;
  readonly heads: Place;
  /** One for each head if these may differ, else one for all. */
  readonly ops: readonly Place[];
  readonly stacks: Place;
  /** As `ops`, for the widths of the feed-forward stack. */
  readonly widths: readonly Place[];
}

export interface Places {
  readonly space: DesignSpace;
  /** As in `Choices`. */
  readonly sizes: readonly number[];
  readonly kinds: readonly number[];
  readonly layers: Place;
  readonly ofLayers: readonly LayerPlaces[];
}

const ABSENT = -1;

const KINDS = ['layers', 'hidden', 'heads', 'ops', 'stacks', 'feedForward'] as const;
type Kind = (typeof KINDS)[number];

export function placesOf(space: DesignSpace): Places {
  const sizes: number[] = [];
  const kinds: number[] = [];
  const place = (kind: Kind): Place => {
    if (space[kind].length < 2) return undefined;
    kinds.push(KINDS.indexOf(kind));
    return sizes.push(space[kind].length) - 1;
  };
  const several = (mixed: boolean, counts: readonly number[], kind: Kind) =>
    Array.from({ length: mixed ? (counts.at(-1) as number) : 1 }, () => place(kind));
  const layers = place('layers');
  const ofLayers = Array.from({ length: space.layers.at(-1) as number }, () => ({
    hidden: place('hidden'),
    heads: place('heads'),
    ops: several(space.mixedHeads, space.heads, 'ops'),
    stacks: place('stacks'),
    widths: several(space.mixedStacks, space.stacks, 'feedForward'),
  }));
  return { space, sizes, kinds, layers, ofLayers };
}

/** Throws `RangeError` for a design outside the space. */
export function choicesOf(points: readonly DesignPoint[], places: Places): Choices {
  const width = places.sizes.length;
  const values = new Int32Array(points.length * width).fill(ABSENT);
  for (const [i, point] of points.entries()) {
    write(point, places, values.subarray(i * width, (i + 1) * width));
  }
  return { sizes: places.sizes, values, kinds: places.kinds };
}

function write(
  { layers }: DesignPoint,
  { space, layers: place, ofLayers }: Places,
  row: Int32Array,
) {
  set(row, place, space.layers, layers.length);
  for (const [i, layer] of layers.entries()) {
    const { hidden, heads, feedForward } = layer;
    const own = ownHeadWidth(layer);
    if (own !== undefined) {
      throw new RangeError(`heads of width ${own} do not add up to the layer width ${hidden}`);
    }
    const at = ofLayers[i] as LayerPlaces;
    set(row, at.hidden, space.hidden, hidden);
    set(row, at.heads, space.heads, heads.length);
    set(row, at.stacks, space.stacks, feedForward.length);
    setAll(row, at.ops, space.ops, ordered(heads).map(nameOf) as HeadName[]);
    setAll(row, at.widths, space.feedForward, feedForward);
  }
}

function setAll<T>(
  row: Int32Array,
  places: readonly Place[],
  options: readonly T[],
  list: readonly T[],
): void {
  if (places.length === 1 && list.some((item) => item !== list[0])) {
    throw new RangeError(`${list.join(', ')} differ, but this space requires equal values`);
  }
  for (const [j, item] of list.entries()) set(row, places[j], options, item);
}

function set<T>(row: Int32Array, place: Place, options: readonly T[], chosen: T): void {
  const option = options.indexOf(chosen);
  if (option < 0)
    throw new RangeError(`${chosen} is not one of the options ${options.join(', ')} of the space`);
  if (place !== undefined) row[place] = option;
}

/**
 * The design of a row of choices, its heads in order; undefined if a choice is missing or is not one of the options. Places of
 * layers, heads and widths that the design lacks are ignored.
 */
export function pointOf(row: ArrayLike<number>, places: Places): DesignPoint | undefined {
  const { space, layers: place, ofLayers } = places;
  const count = chosen(row, place, space.layers);
  if (count === undefined) return undefined;
  const layers = ofLayers.slice(0, count).map((at) => layerOf(row, at, space));
  return layers.every((layer) => layer !== undefined) ? { layers } : undefined;
}

function layerOf(
  row: ArrayLike<number>,
  at: LayerPlaces,
  space: DesignSpace,
): EncoderLayer | undefined {
  const hidden = chosen(row, at.hidden, space.hidden);
  const ops = list(row, chosen(row, at.heads, space.heads), at.ops, space.ops);
  const widths = list(row, chosen(row, at.stacks, space.stacks), at.widths, space.feedForward);
  if (hidden === undefined || ops === undefined || widths === undefined) return undefined;
  return { hidden, heads: ordered(ops.map(headOf)), feedForward: widths };
}

function list<T>(
  row: ArrayLike<number>,
  count: number | undefined,
  places: readonly Place[],
  options: readonly T[],
): T[] | undefined {
  const found = Array.from({ length: count ?? 0 }, (_, j) =>
    chosen(row, places.length === 1 ? places[0] : places[j], options),
  );
  return found.length > 0 && found.every((option) => option !== undefined) ? found : undefined;
}

function chosen<T>(row: ArrayLike<number>, place: Place, options: readonly T[]): T | undefined {
  return place === undefined ? options[0] : options[row[place] as number];
}
