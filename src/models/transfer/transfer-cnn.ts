// A convolutional network starts with the weights of a related one: cell by cell from the first on, as long as their graphs are
// equal, and in the first cell that differs as many vertices as are equal from its first on. Channels are copied by their index.
// Tuli et al. 2023, "CODEBench", copies whole modules of a neighbour; FlexiBERT's rule, by which a transfer ends at the first part
// of another kind, is the same.
//
// Departs from CODEBench: where channels differ in number, those that both have are copied, and not none.
import type { NamedWeights } from '../../engine/tape/program.ts';
import {
  type CnnCell,
  type CnnPoint,
  columnsOf,
  nameOfOperation,
  strideOf,
} from '../cnn-design.ts';
import type { ModelTensor } from '../model.ts';
import type { NamedShape } from './pieces.ts';
import type { Transferred } from './transfer-weights.ts';

/** A network whose tensors have the names that they have on the tape. */
export interface CnnRelative {
  readonly point: CnnPoint;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
}

/** Overwrites the weights of the child that the parent has; the others stay. */
export function transferCnn(
  parent: CnnRelative,
  child: { readonly point: CnnPoint; readonly weights: readonly NamedWeights[] },
): Transferred {
  const isShared = sharedBy(parent.point, child.point);
  let copied = 0;
  for (const { name, shape, values } of child.weights) {
    const from = parent.tensors[name];
    if (!from || !isShared(name)) continue;
    const axes = axesOf(name, [from.shape, shape], [parent.point, child.point]);
    copied += copyAlong(axes, from, { shape, data: values });
  }
  return { weights: copied, of: child.weights.reduce((sum, { values }) => sum + values.length, 0) };
}

/** What a transfer would copy, computed without weights. */
export function cnnOverlap(
  parent: { readonly point: CnnPoint; readonly weights: readonly NamedShape[] },
  child: { readonly point: CnnPoint; readonly weights: readonly NamedShape[] },
): Transferred {
  const isShared = sharedBy(parent.point, child.point);
  const known = new Map(parent.weights.map(({ name, shape }) => [name, shape]));
  const weights = child.weights.reduce((sum, { name, shape }) => {
    const from = known.get(name);
    if (!from || !isShared(name)) return sum;
    const axes = axesOf(name, [from, shape], [parent.point, child.point]);
    return sum + axes.reduce((product, { length }) => product * length, 1);
  }, 0);
  const of = child.weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { weights, of };
}

/** Whether both networks have the part that a tensor is of, in the same place. */
function sharedBy(parent: CnnPoint, child: CnnPoint): (name: string) => boolean {
  const [one, other] = [parent, child].map(({ cells }) => cells.map(graphOf));
  const isAlike = commonOf(parent) === commonOf(child);
  const first = child.cells.findIndex((_, i) => one?.[i] !== other?.[i]);
  const cells = isAlike ? (first < 0 ? child.cells.length : first) : 0;
  const isWhole = isAlike && first < 0 && parent.cells.length === child.cells.length;
  const vertices = isAlike ? equalVertices(parent.cells[cells], child.cells[cells]) : 0;
  return (name) => {
    const [, cell, rest = ''] = /^cell(\d+)\.(.*)$/.exec(name) ?? [];
    if (cell === undefined) return isWhole;
    if (Number(cell) <= cells) return true;
    if (Number(cell) > cells + 1 || !isAlike || !parent.cells[cells]) return false;
    const [, vertex] = /^vertex(\d+)\./.exec(rest) ?? [];
    return vertex === undefined ? rest.startsWith('input.') : Number(vertex) <= vertices;
  };
}

/** What all cells have in common and tensors depend on. */
function commonOf({ join = 'sum', norm = 'layer', pooling = 'last' }: CnnPoint): string {
  return `${join} ${norm} ${pooling}`;
}

/** Without channels and activations, which the meaning of a place does not depend on. */
function graphOf(cell: CnnCell, place: number): string {
  return JSON.stringify([cell.vertices.map(vertexOf), cell.output, strideOf(cell, place)]);
}

function vertexOf({ operation, inputs }: CnnCell['vertices'][number]): string {
  return `${nameOfOperation(operation)}(${inputs})`;
}

function equalVertices(parent: CnnCell | undefined, child: CnnCell | undefined): number {
  if (!parent || !child) return 0;
  const names = parent.vertices.map(vertexOf);
  const first = child.vertices.findIndex((vertex, i) => vertexOf(vertex) !== names[i]);
  return first < 0 ? child.vertices.length : first;
}

/** Indices along an axis of the parent and of the child that belong together. */
type Axis = readonly (readonly [from: number, to: number])[];

function axesOf(
  name: string,
  [from, to]: readonly [readonly number[], readonly number[]],
  [parent, child]: readonly [CnnPoint, CnnPoint],
): readonly Axis[] {
  return to.map((size, axis) => {
    const [before, now] = [
      blocksOf(name, axis, parent) ?? [from[axis] ?? 0],
      blocksOf(name, axis, child) ?? [size],
    ];
    return matched(before, now);
  });
}

/** The leading channels of each block. */
function matched(before: readonly number[], now: readonly number[]): Axis {
  const pairs: [number, number][] = [];
  let [from, to] = [0, 0];
  for (const [i, size] of now.entries()) {
    const old = before[i] ?? 0;
    for (let k = 0; k < Math.min(old, size); k += 1) pairs.push([from + k, to + k]);
    from += old;
    to += size;
  }
  return pairs;
}

/** Channels of an axis that stand side by side; undefined = it is one block. */
function blocksOf(name: string, axis: number, point: CnnPoint): readonly number[] | undefined {
  const [, cell, part = name] = /^cell(\d+)\.(.*)$/.exec(name) ?? [];
  const isForecast = part === 'forecast.bias' || (part === 'forecast.weights' && axis === 1);
  if (cell === undefined) return isForecast ? undefined : madeBlocks(point, point.cells.length - 1);
  const place = Number(cell) - 1;
  if (part === 'input.weights' && axis === 0) return enteringBlocks(point, place);
  const isResidual = part === 'residual.bias' || (part === 'residual.weights' && axis === 1);
  return isResidual ? madeBlocks(point, place) : undefined;
}

/** Of what a cell reads: rows that its stride puts side by side, of each what the cell before has made. */
function enteringBlocks(point: CnnPoint, place: number): readonly number[] | undefined {
  if (place === 0) return undefined;
  const stride = strideOf(point.cells[place] as CnnCell, place);
  return Array.from({ length: stride }, () => madeBlocks(point, place - 1)).flat();
}

/** Of the output of a cell. */
function madeBlocks({ cells, join = 'sum' }: CnnPoint, place: number): readonly number[] {
  const cell = cells[place] as CnnCell;
  const { made, output } = columnsOf(cell, join);
  if (join === 'sum') return [output.columns];
  return cell.output.flatMap((vertex) => (vertex > 0 ? (made[vertex] as number) : []));
}

interface Tensor<Data> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** Returns how many numbers are copied. */
function copyAlong(
  axes: readonly Axis[],
  from: Tensor<ArrayLike<number>>,
  to: Tensor<Float32Array>,
): number {
  const places = axes.reduce<readonly (readonly [number, number])[]>(
    (found, axis, i) =>
      found.flatMap(([old, now]) =>
        axis.map(
          ([a, b]) => [old * (from.shape[i] ?? 1) + a, now * (to.shape[i] ?? 1) + b] as const,
        ),
      ),
    [[0, 0]],
  );
  for (const [old, now] of places) to.data[now] = from.data[old] as number;
  return places.length;
}
