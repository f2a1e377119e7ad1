// The convolutional network of a design point: rows of a window in, one vector for every few rows out. The newest vector
// depends on all rows that its kernels reach.
//
// Notation   B batch, T rows, C channels of the window, R rows of a cell, c channels of a cell, s its stride
import { activation } from '../engine/ops/activation.ts';
import { attention } from '../engine/ops/attention.ts';
import { concatColumns, lastRows } from '../engine/ops/columns.ts';
import { add } from '../engine/ops/elements.ts';
import { poolRows } from '../engine/ops/pool.ts';
import type { Tape } from '../engine/tape/tape.ts';
import { reshape, type Tensor } from '../engine/tape/tensor.ts';
import {
  type CellColumns,
  type CnnCell,
  type CnnPoint,
  type CnnVertex,
  columnsOf,
  nameOfOperation,
  type Reading,
  requireLegalCnn,
  rowsOfCells,
  strideOf,
} from './cnn-design.ts';
import { operationOf } from './cnn-ops.ts';
import { norm, project } from './layers.ts';

/**
 * x (B, T, C) to (B, R, c) of the last cell, layer norm included, or to (B, 1, c) where its rows are pooled. Throws
 * `ConfigError` for shapes that cannot be.
 */
export function convolve(tape: Tape, point: CnnPoint, x: Tensor): Tensor {
  requireLegalCnn(point, x.shape[1] ?? 1);
  let y = x;
  for (const [i, cell] of point.cells.entries()) {
    const name = `cell${i + 1}`;
    const entering = strided(tape, y, strideOf(cell, i));
    y = graph(tape, project(tape, entering, cell.channels, `${name}.input`), { point, cell, name });
  }
  return pooled(tape, norm(tape, y, 'norm'), point);
}

/** s rows become one, s times as wide. The newest row is always in the last one; the oldest may be left out. */
function strided(tape: Tape, x: Tensor, stride: number): Tensor {
  if (stride === 1) return x;
  const [batch = 1, rows = 1, columns = 1] = x.shape;
  const left = Math.floor(rows / stride);
  const whole = rows % stride === 0 ? x : lastRows(tape, x, stride * left);
  return reshape(whole, [batch, left, stride * columns]);
}

interface CellPlace {
  readonly point: Pick<CnnPoint, 'join' | 'norm'>;
  readonly cell: CnnCell;
  readonly name: string;
}

function graph(tape: Tape, x: Tensor, place: CellPlace): Tensor {
  const { point, cell, name } = place;
  const { join = 'sum' } = point;
  const columns = columnsOf(cell, join);
  const made = [x];
  const sum = (places: readonly number[], { columns: width, raised }: Reading, own: string) =>
    places
      .map((from) => {
        const read = made[from] as Tensor;
        return raised.includes(from) ? project(tape, read, width, `${own}.from${from}`) : read;
      })
      .reduce((a, b) => add(tape, a, b));
  for (const [i, vertex] of cell.vertices.entries()) {
    const own = `${name}.vertex${i + 1}`;
    const read = sum(vertex.inputs, columns.read[i] as Reading, own);
    made.push(
      atVertex(tape, read, vertex, {
        ...place,
        name: own,
        channels: columns.made[i + 1] as number,
      }),
    );
  }
  if (join === 'sum') return sum(cell.output, columns.output, `${name}.output`);
  const ends = cell.output.filter((at) => at > 0).map((at) => made[at] as Tensor);
  const beside = ends.length === 1 ? (ends[0] as Tensor) : concatColumns(tape, ends);
  if (!cell.output.includes(0)) return beside;
  return add(tape, beside, project(tape, x, columns.output.columns, `${name}.residual`));
}

function atVertex(
  tape: Tape,
  x: Tensor,
  { operation }: CnnVertex,
  { point, cell, name, channels }: CellPlace & { readonly channels: number },
): Tensor {
  const op = operationOf(operation);
  const y = op.apply(tape, x, operation, { name, channels });
  if (!op.activated) return y;
  const normed = point.norm === 'none' ? y : norm(tape, y, `${name}.norm`);
  return activation(tape, normed, cell.activation);
}

/** (B, R, c) as it is, or to (B, 1, c). */
function pooled(tape: Tape, x: Tensor, { pooling }: CnnPoint): Tensor {
  const [, rows = 1, columns = 1] = x.shape;
  switch (pooling) {
    case undefined:
    case 'last':
      return x;
    case 'mean':
      return poolRows(tape, x, { kind: 'mean', size: rows, stride: rows });
    case 'attention': {
      const query = project(tape, x, columns, 'pooling.query');
      const key = project(tape, x, columns, 'pooling.key');
      return lastRows(tape, attention(tape, query, key, x, { heads: 1 }), 1);
    }
  }
}

export interface CnnShape {
  /** T. */
  readonly rows: number;
  /** C. */
  readonly width: number;
}

/** Channels of the last cell. */
export function cnnWidth({ cells, join = 'sum' }: CnnPoint): number {
  const last = cells.at(-1);
  return last ? columnsOf(last, join).output.columns : 0;
}

/** Multiplications of one window; norms, activations, pools and additions are not counted. */
export function cnnMacs(point: CnnPoint, shape: CnnShape): number {
  const { operations, others } = cnnWork(point, shape);
  return [...operations.values()].reduce((sum, macs) => sum + macs, others);
}

export interface CnnWork {
  /** Multiplications of vertices, by the name of their operation. */
  readonly operations: ReadonlyMap<string, number>;
  /** Those of all projections between and at the end. */
  readonly others: number;
}

/** As `cnnMacs`, in parts. */
export function cnnWork(point: CnnPoint, { rows, width }: CnnShape): CnnWork {
  const { cells, join = 'sum', pooling } = point;
  const operations = new Map<string, number>();
  let others = 0;
  let entering = width;
  let left = rows;
  for (const [i, own] of rowsOfCells(point, rows).entries()) {
    const cell = cells[i] as CnnCell;
    const columns = columnsOf(cell, join);
    left = own;
    others += left * strideOf(cell, i) * entering * cell.channels;
    others += left * projectedWeights(columns);
    for (const [at, { operation }] of cell.vertices.entries()) {
      const [from, to] = [(columns.read[at] as Reading).columns, columns.made[at + 1] as number];
      const macs = operationOf(operation).macs(left, { from, to }, operation);
      const name = nameOfOperation(operation);
      operations.set(name, (operations.get(name) ?? 0) + macs);
    }
    entering = columns.output.columns;
  }
  if (pooling === 'attention') others += 2 * left * entering * (entering + left);
  return { operations, others };
}

/** Weights of the projections that raise what is too narrow. */
function projectedWeights({ made, read, output }: CellColumns): number {
  return [...read, output].reduce(
    (sum, { columns, raised }) =>
      raised.reduce((all, from) => all + (made[from] as number) * columns, sum),
    0,
  );
}
