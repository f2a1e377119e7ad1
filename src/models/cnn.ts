// The convolutional network of a design point: rows of a window in, one vector for every few rows out. The newest vector
// depends on all rows that its kernels reach.
//
// Notation   B batch, T rows, C channels of the window, R rows of a cell, c channels of a cell
import { activation } from '../engine/ops/activation.ts';
import { lastRows } from '../engine/ops/columns.ts';
import { add } from '../engine/ops/elements.ts';
import type { Tape } from '../engine/tape/tape.ts';
import { reshape, type Tensor } from '../engine/tape/tensor.ts';
import {
  type CnnCell,
  type CnnPoint,
  type CnnVertex,
  requireLegalCnn,
  rowsOfCells,
} from './cnn-design.ts';
import { operationOf } from './cnn-ops.ts';
import { norm, project } from './layers.ts';

/** x (B, T, C) to (B, R, c) of the last cell, layer norm included. Throws `ConfigError` for shapes that cannot be. */
export function convolve(tape: Tape, point: CnnPoint, x: Tensor): Tensor {
  requireLegalCnn(point, x.shape[1] ?? 1);
  let y = x;
  for (const [i, cell] of point.cells.entries()) {
    const name = `cell${i + 1}`;
    const entering = i === 0 ? y : inPairs(tape, y);
    y = graph(tape, project(tape, entering, cell.channels, `${name}.input`), cell, name);
  }
  return norm(tape, y, 'norm');
}

/** Two rows become one, twice as wide. The newest row is always in the last pair; the oldest may be left out. */
function inPairs(tape: Tape, x: Tensor): Tensor {
  const [batch = 1, rows = 1, columns = 1] = x.shape;
  const pairs = Math.floor(rows / 2);
  const even = rows % 2 === 0 ? x : lastRows(tape, x, 2 * pairs);
  return reshape(even, [batch, pairs, 2 * columns]);
}

function graph(
  tape: Tape,
  x: Tensor,
  { vertices, output, activation: kind }: CnnCell,
  name: string,
): Tensor {
  const made = [x];
  const sum = (places: readonly number[]): Tensor =>
    places.map((place) => made[place] as Tensor).reduce((a, b) => add(tape, a, b));
  for (const [i, vertex] of vertices.entries()) {
    made.push(atVertex(tape, sum(vertex.inputs), vertex, kind, `${name}.vertex${i + 1}`));
  }
  return sum(output);
}

function atVertex(
  tape: Tape,
  x: Tensor,
  { operation }: CnnVertex,
  kind: CnnCell['activation'],
  name: string,
): Tensor {
  const op = operationOf(operation);
  const y = op.apply(tape, x, operation, name);
  return op.activated ? activation(tape, norm(tape, y, `${name}.norm`), kind) : y;
}

export interface CnnShape {
  /** T. */
  readonly rows: number;
  /** C. */
  readonly width: number;
}

/** Multiplications of one window; norms, activations, pools and additions are not counted. */
export function cnnMacs(point: CnnPoint, { rows, width }: CnnShape): number {
  let entering = width;
  let macs = 0;
  for (const [i, left] of rowsOfCells(point, rows).entries()) {
    const { channels, vertices } = point.cells[i] as CnnCell;
    macs += left * entering * channels;
    for (const { operation } of vertices) {
      macs += operationOf(operation).macs(left, channels, operation);
    }
    entering = 2 * channels;
  }
  return macs;
}
