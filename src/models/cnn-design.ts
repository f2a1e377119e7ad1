// A causal network of convolutions along time as data: cells, each a small graph of operations, with strides between them.
// Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework", builds networks of such
// cells for images.
//
// Departs from CODEBench: a projection before each cell leads to its width and strides over rows, so that a graph looks alike
// at each place of a network; designs may also add what meets at the output of a cell (`join`), as those made by hand do.
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { OPERATIONS, type Operation, operationOf, operationSchema } from './cnn-ops.ts';

/** Most vertices of a cell, and most channels. */
export const LIMITS = { vertices: 6, channels: 256 } as const;

const width = z.int().min(4).max(LIMITS.channels);

const vertex = z.strictObject({
  operation: operationSchema,
  /** Its inputs: 0 is the input of the cell, n its n-th vertex; only earlier ones. */
  inputs: z.array(z.int().nonnegative()).min(1),
  /** Absent = those of the cell. Pools have as many as what they read. Raised as `columnsOf` says. */
  channels: width.optional(),
});

const cell = z.strictObject({
  channels: width.describe('Width'),
  activation: z.enum(['relu', 'silu']),
  vertices: z.array(vertex).min(1).max(LIMITS.vertices),
  /** The vertices that meet in the output of the cell, numbered as for `inputs`; 0 is the residual. */
  output: z.array(z.int().nonnegative()).min(1),
  /** Rows that become one before the cell. Absent = 1 for the first cell, 2 for later ones. */
  stride: z.int().min(1).max(1024).optional(),
});

/** What meets at the output of a cell: vertices are added, or stand side by side with a projection of the residual added. */
export const JOINS = ['sum', 'concatenate'] as const;
/** What follows convolutions; the whole network ends in a layer norm in any case. */
export const NORMS = ['layer', 'none'] as const;
/** How the rows of the last cell become one vector: the newest row, the mean, or what the newest row attends to. */
export const POOLINGS = ['last', 'mean', 'attention'] as const;
export const CELL_ACTIVATIONS = ['relu', 'silu'] as const;

/** Where a name is absent, the first one is meant. */
export const cnnPointSchema = z.strictObject({
  cells: z.array(cell).min(1).max(6),
  join: z.enum(JOINS).optional(),
  norm: z.enum(NORMS).optional(),
  pooling: z.enum(POOLINGS).optional(),
});

export type CnnVertex = z.infer<typeof vertex>;
export type CnnCell = z.infer<typeof cell>;
export type CnnPoint = z.infer<typeof cnnPointSchema>;
export type Join = (typeof JOINS)[number];

/** Rows that become one before a cell, which counts from 0. */
export function strideOf({ stride }: Pick<CnnCell, 'stride'>, place: number): number {
  return stride ?? (place === 0 ? 1 : 2);
}

/** Rows of each cell, for windows of so many rows. */
export function rowsOfCells({ cells }: CnnPoint, rows: number): readonly number[] {
  let left = rows;
  return cells.map((one, place) => {
    left = Math.floor(left / strideOf(one, place));
    return left;
  });
}

/**
 * Rows of the window, from the oldest to the newest, that the newest vector of the last cell sees. It may be more than there
 * are: what would lie before the window counts as zeros.
 */
export function reachOfCnn({ cells }: CnnPoint): number {
  return cells.reduceRight(
    (rows, one, place) => (rows + spanOf(one) - 1) * strideOf(one, place),
    1,
  );
}

/** Rows that the newest row of a cell sees, on its longest way. */
function spanOf({ vertices, output }: CnnCell): number {
  const spans = [1];
  const longest = (places: readonly number[]): number =>
    places.reduce((most, place) => Math.max(most, spans[place] as number), 1);
  for (const { operation, inputs } of vertices) {
    spans.push(longest(inputs) + operationOf(operation).span(operation) - 1);
  }
  return longest(output);
}

/** Throws `ConfigError` that names the cell which is impossible with windows of so many rows. */
export function requireLegalCnn(point: CnnPoint, rows: number): void {
  if (point.cells.length === 0) {
    throw new ConfigError('the network has no cells: give it at least one', {
      code: 'SEN_CFG_DESIGN',
    });
  }
  for (const [i, left] of rowsOfCells(point, rows).entries()) {
    const fault =
      left < 1
        ? 'has no rows left: take fewer cells, shorter strides or a longer window'
        : faultOf(point.cells[i] as CnnCell);
    if (fault) throw new ConfigError(`cell ${i + 1} ${fault}`, { code: 'SEN_CFG_DESIGN' });
  }
}

/** What is wrong with the graph of a cell, as the end of a sentence; undefined = nothing. */
export function faultOf({ vertices, output }: Pick<CnnCell, 'vertices' | 'output'>) {
  const read = new Set(output);
  for (const [i, { inputs }] of vertices.entries()) {
    const fault = faultOfEdges(inputs, i);
    if (fault) return `has a vertex ${i + 1} that ${fault}`;
    for (const input of inputs) read.add(input);
  }
  const fault = faultOfEdges(output, vertices.length);
  if (fault) return `has an output that ${fault}`;
  const idle = vertices.findIndex((_, i) => !read.has(i + 1));
  if (idle < 0) return undefined;
  return `has a vertex ${idle + 1} that leads nowhere: name it in the output or in the inputs of a later one`;
}

/** `before` vertices may be read, and the cell's input. */
function faultOfEdges(inputs: readonly number[], before: number): string | undefined {
  if (inputs.length === 0) return 'reads nothing: name what it reads, 0 is the input of the cell';
  if (new Set(inputs).size < inputs.length) return `reads ${inputs.join(', ')}: name each once`;
  const late = inputs.find((input) => input > before);
  if (late === undefined) return undefined;
  return `reads vertex ${late}, which does not stand before it: name 0 to ${before}`;
}

/** E.g. `convolution-5`, `pool-max`, `skip`. */
export function nameOfOperation(operation: Operation): string {
  switch (operation.op) {
    case 'convolution':
      return `${operation.op}-${operation.kernel}`;
    case 'pool':
      return `${operation.op}-${operation.of}`;
    default:
      return operation.op;
  }
}

/** Names of all operations, in the order of `OPERATIONS`. */
export const operationNames: readonly string[] = OPERATIONS.map(nameOfOperation);

/** Columns of what a place of a cell reads. */
export interface Reading {
  readonly columns: number;
  /** What it reads is projected to these columns first, because it is narrower and cannot be made wider itself. */
  readonly raised: readonly number[];
}

export interface CellColumns {
  /** Of the input of the cell, and of what each vertex makes. */
  readonly made: readonly number[];
  /** Of each vertex. */
  readonly read: readonly Reading[];
  readonly output: Reading;
}

/**
 * The rule of CNNBench: vertices that feed one sum are raised to the widest of them. Convolutions and projections then have
 * more channels; pools and the input of the cell keep theirs, and a projection on the way raises them.
 */
export function columnsOf(cell: CellGraph, join: Join): CellColumns {
  const { vertices, output } = cell;
  const made = raisedColumns(cell, join);
  const reading = (places: readonly number[]): Reading => {
    const columns = widest(places, made);
    return { columns, raised: places.filter((place) => (made[place] as number) < columns) };
  };
  const sideBySide = (): Reading => ({
    columns: output.reduce((sum, place) => sum + (place === 0 ? 0 : (made[place] as number)), 0),
    raised: output.filter((place) => place === 0),
  });
  return {
    made,
    read: vertices.map(({ inputs }) => reading(inputs)),
    output: join === 'sum' ? reading(output) : sideBySide(),
  };
}

/**
 * Sets of places of a cell that have their channels in common because they are added to each other: each place is in one, also
 * alone. A pool gives the channels that it reads, so that it may join what it reads with what it is added to.
 */
export function joinedPlaces(
  cell: CellGraph,
  join: Join,
  { throughPools }: { readonly throughPools: boolean },
): readonly (readonly number[])[] {
  const { vertices } = cell;
  const pools = vertices.flatMap(({ operation, inputs }, i) =>
    operationOf(operation).widens ? [] : [[...inputs, i + 1]],
  );
  let sets = [[0], ...vertices.map((_, i) => [i + 1])];
  for (const sum of [...sumsOf(cell, join), ...(throughPools ? pools : [])]) {
    const isJoined = (set: readonly number[]): boolean => set.some((at) => sum.includes(at));
    sets = [sets.filter(isJoined).flat(), ...sets.filter((set) => !isJoined(set))];
  }
  return sets.map((set) => set.sort((a, b) => a - b)).sort(([a = 0], [b = 0]) => a - b);
}

/** Places that are added to each other. */
function sumsOf({ vertices, output }: CellGraph, join: Join): readonly (readonly number[])[] {
  return [...vertices.map(({ inputs }) => inputs), ...(join === 'sum' ? [output] : [])];
}

type CellGraph = Pick<CnnCell, 'channels' | 'vertices' | 'output'>;

/** Of the input of the cell and of each vertex. */
function raisedColumns(cell: CellGraph, join: Join): readonly number[] {
  const { channels, vertices } = cell;
  const made = [channels, ...vertices.map((one) => one.channels ?? channels)];
  const widens = [false, ...vertices.map(({ operation }) => operationOf(operation).widens)];
  const sums = sumsOf(cell, join);
  const pools = vertices.flatMap(({ inputs }, i) =>
    widens[i + 1] ? [] : [[i + 1, inputs] as const],
  );
  const growTo = (place: number, columns: number): boolean => {
    const grows = made[place] !== columns;
    made[place] = columns;
    return grows;
  };
  const raise = (places: readonly number[]): boolean => {
    const most = widest(places, made);
    return places.map((place) => widens[place] === true && growTo(place, most)).includes(true);
  };
  // Pools first, for they may be said to have more than they read. Then columns only grow, so this comes to an end.
  for (let grows = true; grows; ) {
    for (const [place, inputs] of pools) growTo(place, widest(inputs, made));
    grows = sums.map(raise).includes(true);
  }
  return made;
}

function widest(places: readonly number[], made: readonly number[]): number {
  return places.reduce((most, place) => Math.max(most, made[place] as number), 0);
}
