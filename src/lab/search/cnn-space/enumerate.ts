// Counts the networks of a space, lists them, and draws some of them.
import { ConfigError } from '../../../core/errors.ts';
import { createRandom } from '../../../engine/random.ts';
import { type CnnPoint, columnsOf, type Join } from '../../../models/cnn-design.ts';
import { type Operation, operationOf } from '../../../models/cnn-ops.ts';
import { tuples } from '../design-space/enumerate.ts';
import { latinHypercube } from '../design-space/samplers.ts';
import {
  activates,
  canonicalCnn,
  cnnKey,
  joins,
  type SymmetricShape,
  shapesOf,
} from './cell-form.ts';
import { type BareCell, type CnnSpace, operationsOf, pointOf } from './space.ts';

/** Most networks that are listed. */
const ENUMERATION_LIMIT = 100_000;

export function canEnumerate(space: CnnSpace): boolean {
  return countOf(space) <= BigInt(ENUMERATION_LIMIT);
}

/** Number of different networks, exact, counted without making them. */
export function countOf(space: CnnSpace): bigint {
  const { activations, norms, poolings, strides } = space;
  const bent = BigInt(activations.length * norms.length);
  // Activations and norms make no difference where nothing is activated; where nothing meets, all joins are one.
  const kinds: readonly (readonly [CellKind, times: number])[] = [
    ...space.joins.map((join) => [{ join }, 1] as const),
    [{ join: 'sum', single: true }, 1 - space.joins.length],
  ];
  const cells = kinds
    .filter(([, times]) => times !== 0)
    .map(([kind, times]) => ({ times: BigInt(times), ...countCells(space, kind) }));
  return space.cells.reduce((sum, count) => {
    const places = BigInt(space.mixedCells ? count : 1);
    const between = count === 1 ? 1 : strides.length;
    const lists = cells.reduce((found, { times, all, idle }) => {
      const still = BigInt(idle) ** places;
      return found + times * (bent * (BigInt(all) ** places - still) + still);
    }, 0n);
    return sum + BigInt(between * poolings.length) * lists;
  }, 0n);
}

interface CellKind {
  readonly join: Join;
  /** Only cells with one way into the output. */
  readonly single?: boolean;
}

/**
 * Number of different cells, and of those among them in which nothing is activated. Orbits of labels under the automorphisms
 * of each shape, by Burnside's lemma.
 */
export function countCells(
  space: CnnSpace,
  { join, single = false }: CellKind,
): { readonly all: number; readonly idle: number } {
  const operations = operationsOf(space);
  const [kinds, still] = [
    kindsOf(operations),
    kindsOf(operations.filter((operation) => !operationOf(operation).activated)),
  ];
  const ops = [...kinds.values()].map(([operation]) => operation as Operation);
  const choices = (of: typeof kinds) => (vertex: Vertex) =>
    of.get(operationOf(vertex.operation).widens)?.length ?? 0;
  let [all, idle] = [0, 0];
  for (const shape of space.vertices.flatMap(shapesOf)) {
    if (single && joins({ cells: [{ output: [...shape.output] }] })) continue;
    const cells = space.channels.flatMap((channels) =>
      labelled(shape, { ops, channels, join }, space),
    );
    all += orbits(shape, cells, choices(kinds));
    idle += orbits(shape, cells, choices(still));
  }
  return { all, idle };
}

function orbits(
  { automorphisms }: SymmetricShape,
  cells: readonly BareCell[],
  choicesOf: (vertex: Vertex) => number,
): number {
  const fixed = cells.flatMap(({ vertices }) =>
    automorphisms.map((order) => fixedBy(order, vertices, choicesOf)),
  );
  return fixed.reduce((sum, ways) => sum + ways, 0) / automorphisms.length;
}

type Vertex = BareCell['vertices'][number];

/** Operations by whether they can make other columns than they read: for channels, all of a kind are alike. */
function kindsOf(ops: readonly Operation[]): ReadonlyMap<boolean, readonly Operation[]> {
  const groups = [true, false].map(
    (widens) => [widens, ops.filter((one) => operationOf(one).widens === widens)] as const,
  );
  return new Map(groups.filter(([, list]) => list.length > 0));
}

/** Ways to choose operations of the kinds of these vertices that an automorphism leaves as they are. */
function fixedBy(
  order: readonly number[],
  vertices: readonly Vertex[],
  choicesOf: (vertex: Vertex) => number,
): number {
  const seen = new Set<number>();
  let ways = 1;
  for (const [start, vertex] of vertices.entries()) {
    if (seen.has(start)) continue;
    for (let at = start; !seen.has(at); at = order[at] as number) {
      seen.add(at);
      const { operation, channels } = vertices[at] as Vertex;
      const isAlike = operation.op === vertex.operation.op && channels === vertex.channels;
      if (!isAlike) return 0;
    }
    ways *= choicesOf(vertex);
  }
  return ways;
}

interface Labels {
  readonly ops: readonly Operation[];
  /** Of the cell. */
  readonly channels: number;
  readonly join: Join;
}

/** All cells of a shape whose channels need not be raised. */
function labelled(
  { inputs, output }: SymmetricShape,
  { ops, channels, join }: Labels,
  space: Pick<CnnSpace, 'channels' | 'mixedChannels'>,
): readonly BareCell[] {
  const widths = space.mixedChannels ? space.channels : [channels];
  const options = ops.flatMap((operation) =>
    operationOf(operation).widens
      ? widths.map((width) => ({ operation, ...(width !== channels && { channels: width }) }))
      : [{ operation }],
  );
  return tuples(options, inputs.length)
    .map((chosen) => ({
      channels,
      vertices: chosen.map((option, i) => ({ ...option, inputs: [...(inputs[i] ?? [])] })),
      output: [...output],
    }))
    .filter((cell) => widths.length === 1 || isRaised(cell, join));
}

function isRaised(cell: BareCell, join: Join): boolean {
  const { made } = columnsOf(cell, join);
  return cell.vertices.every(
    ({ operation, channels = cell.channels }, i) =>
      !operationOf(operation).widens || made[i + 1] === channels,
  );
}

/** All different cells, those of few vertices first. */
export function cellsOf(space: CnnSpace, join: Join): readonly BareCell[] {
  const ops = operationsOf(space);
  const found = new Map<string, BareCell>();
  for (const shape of space.vertices.flatMap(shapesOf)) {
    for (const channels of space.channels) {
      for (const cell of labelled(shape, { ops, channels, join }, space)) {
        const key = cnnKey({ cells: [{ ...cell, activation: 'relu' }], join });
        if (!found.has(key)) found.set(key, cell);
      }
    }
  }
  return [...found.values()];
}

/** All networks, those of few cells first. Throws `ConfigError` for a space that is too large: sample it. */
export function enumerateCnns(space: CnnSpace): readonly CnnPoint[] {
  if (!canEnumerate(space)) {
    throw new ConfigError(
      `the space holds ${countOf(space)} networks, at most ${ENUMERATION_LIMIT} are listed: take a smaller space, or sample less than half of this one`,
      { code: 'SEN_CFG_DESIGN_SPACE' },
    );
  }
  return space.cells.flatMap((count) =>
    space.joins.flatMap((join, i) =>
      cellLists(space, join, count)
        // Where nothing meets, all joins are one.
        .filter((cells) => i === 0 || joins({ cells }))
        .flatMap((cells) => networksOf(cells, join, space)),
    ),
  );
}

function cellLists(space: CnnSpace, join: Join, count: number): readonly (readonly BareCell[])[] {
  const cells = cellsOf(space, join);
  if (space.mixedCells) return tuples(cells, count);
  return cells.map((cell) => new Array<BareCell>(count).fill(cell));
}

function networksOf(cells: readonly BareCell[], join: Join, space: CnnSpace): readonly CnnPoint[] {
  const { activations, norms, poolings } = space;
  const bends = activations.flatMap((activation) => norms.map((norm) => ({ activation, norm })));
  const strides = cells.length > 1 ? space.strides : space.strides.slice(0, 1);
  return (activates({ cells }) ? bends : bends.slice(0, 1)).flatMap((bend) =>
    strides.flatMap((stride) =>
      poolings.map((pooling) => pointOf(cells, { ...bend, stride, pooling, join })),
    ),
  );
}

/** Coordinates of what the network has in common: number of cells, activation, norm, stride, pooling, join. */
const COMMON_CHOICES = 6;
/** Coordinates of a cell: channels, number of vertices, shape. */
const CELL_CHOICES = 3;
/** Coordinates of a vertex: operation, channels. */
const VERTEX_CHOICES = 2;

/**
 * `count` different networks, or all if there are fewer. One coordinate for each choice, so that each number of cells, of
 * vertices, and each shape of so many vertices is about equally frequent. Throws `ConfigError` for half or more of a space
 * that is too large to list.
 */
export function sampleCnns(space: CnnSpace, count: number, seed: number): readonly CnnPoint[] {
  const random = createRandom(seed);
  if (countOf(space) <= 2n * BigInt(count)) {
    const points = [...enumerateCnns(space)];
    random.shuffle(points);
    return points.slice(0, count);
  }
  const eachCell = CELL_CHOICES + VERTEX_CHOICES * (space.vertices.at(-1) as number);
  const most = space.mixedCells ? (space.cells.at(-1) as number) : 1;
  const draw = latinHypercube(COMMON_CHOICES + most * eachCell, random);
  const pointAt = drawn(space, eachCell);
  const found = new Map<string, CnnPoint>();
  while (found.size < count) {
    for (const coordinates of draw(count - found.size)) {
      const point = pointAt(coordinates);
      found.set(cnnKey(point), point);
    }
  }
  return [...found.values()];
}

/** The network of one coordinate for each choice, all in [0, 1). */
function drawn(space: CnnSpace, eachCell: number): (coordinates: Float64Array) => CnnPoint {
  const ops = operationsOf(space);
  const shapes = new Map(space.vertices.map((vertices) => [vertices, shapesOf(vertices)]));
  const cellAt = (coordinates: Float64Array): BareCell => {
    const [channels, vertices] = [
      at(space.channels, coordinates[0]),
      at(space.vertices, coordinates[1]),
    ];
    const { inputs, output } = at(shapes.get(vertices) ?? [], coordinates[2]);
    return {
      channels,
      vertices: inputs.map((places, i) => {
        const from = CELL_CHOICES + VERTEX_CHOICES * i;
        const operation = at(ops, coordinates[from]);
        const own = space.mixedChannels ? at(space.channels, coordinates[from + 1]) : channels;
        return { operation, inputs: [...places], channels: own };
      }),
      output: [...output],
    };
  };
  return (coordinates) => {
    const cells = Array.from({ length: at(space.cells, coordinates[0]) }, (_, i) => {
      const from = COMMON_CHOICES + (space.mixedCells ? i * eachCell : 0);
      return cellAt(coordinates.subarray(from, from + eachCell));
    });
    return canonicalCnn(
      pointOf(cells, {
        activation: at(space.activations, coordinates[1]),
        norm: at(space.norms, coordinates[2]),
        stride: at(space.strides, coordinates[3]),
        pooling: at(space.poolings, coordinates[4]),
        join: at(space.joins, coordinates[5]),
      }),
    );
  };
}

function at<T>(items: readonly T[], fraction: number | undefined): T {
  return items[Math.floor((fraction as number) * items.length)] as T;
}
