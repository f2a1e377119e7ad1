// What a vertex of a cell may do with the rows of a window: as data, on the tape, and in multiplications.
import { z } from 'zod';
import { columns, concatColumns } from '../engine/ops/columns.ts';
import { conv1d } from '../engine/ops/conv1d.ts';
import { depthwiseConv1d } from '../engine/ops/depthwise-conv1d.ts';
import { poolRows } from '../engine/ops/pool.ts';
import type { Tape } from '../engine/tape/tape.ts';
import { reshape, type Tensor } from '../engine/tape/tensor.ts';
import { project } from './layers.ts';

const convolutionSchema = z.strictObject({
  op: z.literal('convolution'),
  /** Rows that it spans. */
  kernel: z.union([z.literal(3), z.literal(5), z.literal(9)]),
});

const poolSchema = z.strictObject({ op: z.literal('pool'), of: z.enum(['max', 'mean']) });

export const operationSchema = z.discriminatedUnion('op', [
  convolutionSchema,
  z.strictObject({ op: z.literal('dilated') }),
  z.strictObject({ op: z.literal('separable') }),
  poolSchema,
  z.strictObject({ op: z.literal('skip') }),
]);

export type Operation = z.infer<typeof operationSchema>;

/** All operations. */
export const OPERATIONS: readonly Operation[] = [
  { op: 'convolution', kernel: 3 },
  { op: 'convolution', kernel: 5 },
  { op: 'convolution', kernel: 9 },
  { op: 'dilated' },
  { op: 'separable' },
  { op: 'pool', of: 'max' },
  { op: 'pool', of: 'mean' },
  { op: 'skip' },
];

/** Channels of what an operation reads and of what it makes. */
interface Columns {
  readonly from: number;
  readonly to: number;
}

/** What a vertex of a cell does with the rows of a window. */
interface CnnOp<O extends Operation = Operation> {
  readonly kind: O['op'];
  /** Whether a norm and the cell's activation follow. */
  readonly activated: boolean;
  /** Whether it can make more or fewer channels than it reads. */
  readonly widens: boolean;
  /** Its tensors by what their channels are, named as on the tape. */
  readonly tensors: OpTensors;
  /** x (B, R, c) to (B, R, channels); no row sees what follows it. Its weights go on the tape, named `<name>.…`. */
  apply(tape: Tape, x: Tensor, operation: O, place: OpPlace): Tensor;
  /** Rows from the oldest that a row sees to itself. */
  span(operation: O): number;
  /** Multiplications of one window of R rows; taps before the first row are none. */
  macs(rows: number, columns: Columns, operation: O): number;
  /** Numbers that it learns, without biases. */
  weights(columns: Columns, operation: O): number;
}

interface OpTensors {
  /** Weights with a row for each channel that it reads. */
  readonly readers: readonly string[];
  /** With a column for each channel that it reads: taps of single channels. */
  readonly taps: readonly string[];
  /** With a column for each channel that it makes. */
  readonly makers: readonly string[];
}

interface OpPlace {
  /** Of its weights. */
  readonly name: string;
  /** Channels that it makes. */
  readonly channels: number;
}

/** The operation of a vertex. */
export function operationOf(operation: Operation): CnnOp {
  // An operation only ever gets data of its own kind.
  return operations[operation.op] as unknown as CnnOp;
}

/** All channels of a row and of those just before it. */
const convolution: CnnOp<Extract<Operation, { op: 'convolution' }>> = {
  kind: 'convolution',
  activated: true,
  widens: true,
  tensors: { readers: ['kernel'], taps: [], makers: ['kernel', 'bias'] },
  apply: (tape, x, { kernel }, place) =>
    causalConvolution(tape, x, { size: kernel, dilation: 1 }, place),
  span: ({ kernel }) => kernel,
  macs: (rows, { from, to }, { kernel }) =>
    seenRows({ size: kernel, dilation: 1 }, rows) * from * to,
  weights: ({ from, to }, { kernel }) => kernel * from * to,
};

const DILATED_TAPS = { size: 3, dilation: 2 };

/** All channels of a row and of every second one before it. */
const dilated: CnnOp<Extract<Operation, { op: 'dilated' }>> = {
  kind: 'dilated',
  activated: true,
  widens: true,
  tensors: { readers: ['kernel'], taps: [], makers: ['kernel', 'bias'] },
  apply: (tape, x, _, place) => causalConvolution(tape, x, DILATED_TAPS, place),
  span: () => spanOf(DILATED_TAPS),
  macs: (rows, { from, to }) => seenRows(DILATED_TAPS, rows) * from * to,
  weights: ({ from, to }) => DILATED_TAPS.size * from * to,
};

const SEPARABLE_TAPS = { size: 5, dilation: 1 };

/** First each channel along time, then all channels of a row. */
const separable: CnnOp<Extract<Operation, { op: 'separable' }>> = {
  kind: 'separable',
  activated: true,
  widens: true,
  tensors: {
    readers: ['point.weights'],
    taps: ['depth.taps'],
    makers: ['point.weights', 'point.bias'],
  },
  apply(tape, x, _, { name, channels }) {
    const taps = tape.parameter(`${name}.depth.taps`, [SEPARABLE_TAPS.size, x.shape.at(-1) ?? 1]);
    // No bias: the projection has one.
    const along = depthwiseConv1d(tape, x, taps, undefined, { causal: true });
    return project(tape, along, channels, `${name}.point`);
  },
  span: () => spanOf(SEPARABLE_TAPS),
  macs: (rows, { from, to }) => (seenRows(SEPARABLE_TAPS, rows) + rows * to) * from,
  weights: ({ from, to }) => (SEPARABLE_TAPS.size + to) * from,
};

const POOL_SIZE = 3;

/** The greatest or the mean of a row and the two before it. */
const pool: CnnOp<Extract<Operation, { op: 'pool' }>> = {
  kind: 'pool',
  activated: false,
  widens: false,
  tensors: { readers: [], taps: [], makers: [] },
  apply: (tape, x, { of }) =>
    poolRows(tape, withOlder(tape, x, POOL_SIZE - 1), { kind: of, size: POOL_SIZE, stride: 1 }),
  span: () => POOL_SIZE,
  macs: () => 0,
  weights: () => 0,
};

/** Repeats the oldest row `count` times before it. */
function withOlder(tape: Tape, x: Tensor, count: number): Tensor {
  const [windows = 1, rows = 1, channels = 1] = x.shape;
  const whole = reshape(x, [windows, rows * channels]);
  const oldest = columns(tape, whole, 0, channels);
  const joined = concatColumns(tape, [...new Array<Tensor>(count).fill(oldest), whole]);
  return reshape(joined, [windows, rows + count, channels]);
}

/** A projection of each row, without an activation. */
const skip: CnnOp<Extract<Operation, { op: 'skip' }>> = {
  kind: 'skip',
  activated: false,
  widens: true,
  tensors: { readers: ['weights'], taps: [], makers: ['weights', 'bias'] },
  apply: (tape, x, _, { name, channels }) => project(tape, x, channels, name),
  span: () => 1,
  macs: (rows, { from, to }) => rows * from * to,
  weights: ({ from, to }) => from * to,
};

const operations: { readonly [Kind in Operation['op']]: CnnOp<Extract<Operation, { op: Kind }>> } =
  { convolution, dilated, separable, pool, skip };

interface Taps {
  readonly size: number;
  /** Rows between two of them. */
  readonly dilation: number;
}

function causalConvolution(
  tape: Tape,
  x: Tensor,
  { size, dilation }: Taps,
  { name, channels }: OpPlace,
): Tensor {
  const kernel = tape.parameter(`${name}.kernel`, [size, x.shape.at(-1) ?? 1, channels]);
  const bias = tape.parameter(`${name}.bias`, [channels]);
  return conv1d(tape, x, kernel, bias, { dilation, causal: true });
}

function spanOf({ size, dilation }: Taps): number {
  return (size - 1) * dilation + 1;
}

/** Pairs of a row and a row that it sees, in a window of `rows` rows. */
function seenRows({ size, dilation }: Taps, rows: number): number {
  let seen = 0;
  for (let tap = 0; tap < size; tap += 1) seen += Math.max(0, rows - tap * dilation);
  return seen;
}
