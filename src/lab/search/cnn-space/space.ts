// A space of convolutional networks as data: which ones are allowed, on which windows.
// Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework", its CNNBench.
//
// Departs from CNNBench: one dimension, cells of at most three vertices, no layers behind the cells but one forecast.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { parseOptions } from '../../../core/registry.ts';
import {
  CELL_ACTIVATIONS,
  type CnnCell,
  type CnnPoint,
  JOINS,
  NORMS,
  operationNames,
  POOLINGS,
  requireLegalCnn,
  strideOf,
} from '../../../models/cnn-design.ts';
import { OPERATIONS, type Operation } from '../../../models/cnn-ops.ts';
import { rising } from '../design-space/space.ts';

function some<T extends string>(names: readonly T[], defaults: readonly T[]) {
  return z
    .array(z.enum(names))
    .min(1)
    .refine((given) => new Set(given).size === given.length, { message: 'must name each once' })
    .default([...defaults]);
}

export const cnnSpaceSchema = z.strictObject({
  family: z.literal('cnn'),
  cells: rising(1, 6).default([1, 2]).describe('Numbers of cells'),
  mixedCells: z.boolean().default(false).describe('Whether the cells of a network may differ'),
  vertices: rising(1, 3).default([1, 2]).describe('Numbers of vertices of a cell'),
  ops: some(operationNames, operationNames).describe('Operations that a vertex may have'),
  channels: rising(4, 256).default([16]).describe('Channels of a cell'),
  mixedChannels: z
    .boolean()
    .default(false)
    .describe('Whether a vertex may have other channels than its cell'),
  activations: some(CELL_ACTIVATIONS, ['silu']).describe('Activations of convolutions'),
  norms: some(NORMS, ['layer']).describe('What follows convolutions'),
  strides: rising(1, 1024).default([2]).describe('Rows that become one between two cells'),
  poolings: some(POOLINGS, ['last']).describe('How the rows of the last cell become one'),
  joins: some(JOINS, ['concatenate']).describe('What happens where vertices meet at the output'),
  rows: z.int().min(2).max(1024).default(32).describe('Rows of a window'),
  patch: z.literal(1).default(1).describe('Rows of a patch: a convolution reads each row'),
});

export type CnnSpace = Readonly<z.infer<typeof cnnSpaceSchema>>;

const proof = cnnSpaceSchema.parse({ family: 'cnn' });

/** `proof` has 1,200 networks, `level-1` has 32,400, `full` has all that a Pi can run, the hand-made one among them. */
export const namedCnnSpaces: ReadonlyMap<string, CnnSpace> = new Map([
  ['proof', proof],
  [
    'level-1',
    {
      ...proof,
      cells: [1, 2, 3],
      channels: [8, 16, 32],
      activations: ['relu', 'silu'],
      poolings: ['last', 'mean', 'attention'],
    },
  ],
  [
    'full',
    {
      ...proof,
      ...{ cells: [1, 2, 3], mixedCells: true, vertices: [1, 2, 3] },
      ...{ channels: [8, 16, 32], mixedChannels: true, strides: [1, 2] },
      activations: ['relu', 'silu'],
      norms: ['layer', 'none'],
      poolings: ['last', 'mean', 'attention'],
      joins: ['sum', 'concatenate'],
    },
  ],
]);

/** A name, or options of `cnnSpaceSchema`. Throws `ConfigError` that names every fault. */
export function readCnnSpace(given: unknown): CnnSpace {
  if (typeof given !== 'string') {
    const space = parseOptions(cnnSpaceSchema, given, 'the space of convolutional networks');
    requireRows(space);
    return space;
  }
  const named = namedCnnSpaces.get(given);
  if (named) return named;
  throw new ConfigError(
    `space '${given}' of convolutional networks is unknown: choose one of ${[...namedCnnSpaces.keys()].join(', ')}, or give its options`,
    { code: 'SEN_CFG_DESIGN_SPACE' },
  );
}

/** Throws `ConfigError` where strides leave no rows to the last cell. */
function requireRows({ cells, strides, rows }: CnnSpace): void {
  const [most, stride] = [cells.at(-1) as number, strides.at(-1) as number];
  const list = Array.from({ length: most }, () => SKIP);
  const point = pointOf(list, { activation: 'relu', norm: 'layer', stride, pooling: 'last' });
  try {
    requireLegalCnn(point, rows);
  } catch (cause) {
    throw new ConfigError(
      `the space is empty: windows of ${rows} rows have none left for ${most} cells with a stride of ${stride}: take fewer cells, shorter strides or longer windows`,
      { code: 'SEN_CFG_DESIGN_SPACE', cause },
    );
  }
}

const SKIP: BareCell = {
  channels: 4,
  vertices: [{ operation: { op: 'skip' }, inputs: [0] }],
  output: [1],
};

/** A cell without what all cells of a network of a space have in common. */
export type BareCell = Pick<CnnCell, 'channels' | 'vertices' | 'output'>;

/** What the whole network has. */
export interface Common {
  readonly activation: CnnSpace['activations'][number];
  readonly norm: CnnSpace['norms'][number];
  /** Of later cells. */
  readonly stride: number;
  readonly pooling: CnnSpace['poolings'][number];
  /** Absent = `sum`. */
  readonly join?: CnnSpace['joins'][number];
}

/** A network; what is usual is left out. */
export function pointOf(
  cells: readonly BareCell[],
  { activation, norm, stride, pooling, join = 'sum' }: Common,
): CnnPoint {
  return {
    cells: cells.map((cell, place) => ({
      ...cell,
      activation,
      ...(place > 0 && stride !== strideOf({}, place) && { stride }),
    })),
    ...(join !== 'sum' && { join }),
    ...(norm !== 'layer' && { norm }),
    ...(pooling !== 'last' && { pooling }),
  };
}

/** What the cells of a network have in common; undefined where they differ, as no network of a space does. */
export function commonOf(point: CnnPoint): Common | undefined {
  const { cells, join = 'sum', norm = 'layer', pooling = 'last' } = point;
  const activations = new Set(cells.map(({ activation }) => activation));
  const strides = new Set(cells.map(strideOf).slice(1));
  const [activation] = activations;
  const [stride = strideOf({}, 1)] = strides;
  const [first] = cells;
  if (!activation || activations.size > 1 || strides.size > 1) return undefined;
  if (!first || strideOf(first, 0) !== 1) return undefined;
  return { activation, norm, stride, pooling, join };
}

/** The part of a space in which all cells of a network are alike, and all vertices of a cell have its channels. */
export function alike(space: CnnSpace): CnnSpace {
  return { ...space, mixedCells: false, mixedChannels: false };
}

export function operationsOf({ ops }: Pick<CnnSpace, 'ops'>): readonly Operation[] {
  return ops.map((name) => OPERATIONS[operationNames.indexOf(name)] as Operation);
}
