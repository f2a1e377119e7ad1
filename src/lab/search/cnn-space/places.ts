// A network as a row of choices, one place for each property and for each edge that a cell may have; places with a single option
// are left out.
import { type CnnPoint, faultOf, nameOfOperation } from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import type { Choices } from '../contract.ts';
import { canonicalCnn } from './cell-form.ts';
import { type BareCell, type CnnSpace, commonOf, operationsOf, pointOf } from './space.ts';

type Option = string | number;

interface Property {
  readonly name: string;
  /** Properties of one kind choose the same thing. */
  readonly kind: string;
  readonly options: readonly Option[];
}

/** The chosen option of each property, by name; without those that the network lacks. */
type Chosen = ReadonlyMap<string, Option>;

export interface CnnPlaces {
  readonly space: CnnSpace;
  readonly all: readonly Property[];
  /** Those with several options: a place each. */
  readonly places: readonly Property[];
}

const ABSENT = -1;
const [NO, YES] = [0, 1] as const;

export function cnnPlaces(space: CnnSpace): CnnPlaces {
  const { activations, norms, strides, poolings, joins } = space;
  const cells = space.mixedCells ? (space.cells.at(-1) as number) : 1;
  const all: readonly Property[] = [
    { name: 'cells', kind: 'cells', options: space.cells },
    { name: 'activation', kind: 'activation', options: activations },
    { name: 'norm', kind: 'norm', options: norms },
    { name: 'stride', kind: 'stride', options: strides },
    { name: 'pooling', kind: 'pooling', options: poolings },
    { name: 'join', kind: 'join', options: joins },
    ...Array.from({ length: cells }, (_, cell) => cellProperties(cell, space)).flat(),
  ];
  return { space, all, places: all.filter(({ options }) => options.length > 1) };
}

function cellProperties(cell: number, space: CnnSpace): readonly Property[] {
  const { channels, vertices, ops, mixedChannels } = space;
  const most = vertices.at(-1) as number;
  const each = Array.from({ length: most }, (_, i) => i + 1);
  const edge = (from: number, to: number | 'out'): Property => ({
    ...{ name: edgeName(cell, from, to), kind: to === 'out' ? 'edge out' : 'edge' },
    options: to === 1 ? [YES] : [NO, YES],
  });
  return [
    { name: `${cell} channels`, kind: 'channels', options: channels },
    { name: `${cell} vertices`, kind: 'vertices', options: vertices },
    ...each.flatMap((vertex): readonly Property[] => [
      { name: `${cell} op ${vertex}`, kind: 'op', options: ops },
      ...(mixedChannels
        ? [{ name: `${cell} channels ${vertex}`, kind: 'vertex channels', options: channels }]
        : []),
      ...Array.from({ length: vertex }, (_, from) => edge(from, vertex)),
    ]),
    ...[0, ...each].map((from) => edge(from, 'out')),
  ];
}

function edgeName(cell: number, from: number, to: number | 'out'): string {
  return `${cell} ${from} to ${to}`;
}

/** Throws `RangeError` for a network outside the space. */
export function cnnChoices(
  points: readonly CnnPoint[],
  { space, all, places }: CnnPlaces,
): Choices {
  const kinds = [...new Set(places.map(({ kind }) => kind))];
  const values = new Int32Array(points.length * places.length).fill(ABSENT);
  for (const [i, point] of points.entries()) {
    const chosen = chosenIn(point, space);
    for (const { name, options } of all) requireOption(chosen.get(name), options, name);
    for (const [j, { name, options }] of places.entries()) {
      const option = chosen.get(name);
      if (option !== undefined) values[i * places.length + j] = options.indexOf(option);
    }
  }
  return {
    sizes: places.map(({ options }) => options.length),
    values,
    kinds: places.map(({ kind }) => kinds.indexOf(kind)),
  };
}

function requireOption(chosen: Option | undefined, options: readonly Option[], name: string): void {
  if (chosen === undefined || options.includes(chosen)) return;
  throw new RangeError(
    `${name} ${chosen} is not one of the options ${options.join(', ')} of the space`,
  );
}

function chosenIn(point: CnnPoint, space: CnnSpace): Chosen {
  const common = commonOf(point);
  if (!common)
    throw new RangeError('the cells of the network have different activations or strides');
  const { cells } = canonicalCnn(point);
  const { stride, ...rest } = common;
  const own = space.mixedCells ? cells : cells.slice(0, 1);
  return new Map<string, Option>([
    ...Object.entries(rest),
    ['cells', cells.length],
    // One cell has no stride of its own.
    ...(cells.length > 1 ? [['stride', stride] as const] : []),
    ...own.flatMap((cell, i) => chosenInCell(cell, i, space)),
  ]);
}

function chosenInCell(
  { channels, vertices, output }: BareCell,
  cell: number,
  { mixedChannels }: CnnSpace,
): readonly (readonly [string, Option])[] {
  const edges = (places: readonly number[], to: number | 'out') =>
    Array.from(
      { length: to === 'out' ? vertices.length + 1 : to },
      (_, from) => [edgeName(cell, from, to), places.includes(from) ? YES : NO] as const,
    );
  return [
    [`${cell} channels`, channels],
    [`${cell} vertices`, vertices.length],
    ...vertices.flatMap(({ operation, channels: width = channels, inputs }, i) => [
      [`${cell} op ${i + 1}`, nameOfOperation(operation)] as const,
      ...(mixedChannels && operationOf(operation).widens
        ? [[`${cell} channels ${i + 1}`, width] as const]
        : []),
      ...edges(inputs, i + 1),
    ]),
    ...edges(output, 'out'),
  ];
}

/** The network of a row of choices, in its canonical form; undefined if a choice is missing or a cell cannot be. */
export function cnnOfChoices(row: ArrayLike<number>, { space, all, places }: CnnPlaces) {
  const at = new Map(places.map(({ name }, place) => [name, place]));
  const chosen = new Map(
    all.flatMap(({ name, options }) => {
      const place = at.get(name);
      const option = options[place === undefined ? 0 : (row[place] as number)];
      return option === undefined ? [] : [[name, option] as const];
    }),
  );
  const count = chosen.get('cells');
  if (typeof count !== 'number') return undefined;
  const cells = Array.from({ length: space.mixedCells ? count : 1 }, (_, i) =>
    cellFrom(chosen, i, space),
  );
  if (!cells.every((cell) => cell !== undefined && faultOf(cell) === undefined)) return undefined;
  const list = space.mixedCells ? cells : new Array<BareCell | undefined>(count).fill(cells[0]);
  const commonAt = <T>(name: string, options: readonly T[]): T =>
    // One of the options of that property.
    (chosen.get(name) as T | undefined) ?? (options[0] as T);
  return canonicalCnn(
    pointOf(list as readonly BareCell[], {
      activation: commonAt('activation', space.activations),
      norm: commonAt('norm', space.norms),
      stride: commonAt('stride', space.strides),
      pooling: commonAt('pooling', space.poolings),
      join: commonAt('join', space.joins),
    }),
  );
}

function cellFrom(chosen: Chosen, cell: number, space: CnnSpace): BareCell | undefined {
  const channels = chosen.get(`${cell} channels`);
  const count = chosen.get(`${cell} vertices`);
  if (typeof channels !== 'number' || typeof count !== 'number') return undefined;
  const reads = (to: number | 'out', last: number): number[] =>
    Array.from({ length: last + 1 }, (_, from) => from).filter(
      (from) => chosen.get(edgeName(cell, from, to)) === YES,
    );
  const ops = operationsOf(space);
  const vertices = Array.from({ length: count }, (_, i) => {
    const own = chosen.get(`${cell} channels ${i + 1}`);
    const operation = ops[space.ops.indexOf(String(chosen.get(`${cell} op ${i + 1}`)))];
    return {
      operation: operation as (typeof ops)[number],
      inputs: reads(i + 1, i),
      ...(typeof own === 'number' && { channels: own }),
    };
  });
  if (vertices.some(({ operation }) => operation === undefined)) return undefined;
  return { channels, vertices, output: reads('out', count) };
}
