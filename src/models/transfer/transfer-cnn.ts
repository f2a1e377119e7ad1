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
import type { NamedShape } from './pieces.ts';
import type { Relative, Transferred } from './transfer-weights.ts';

export type CnnRelative = Relative<CnnPoint>;

/** For a cell of the child: its cell in the parent, and for each of its vertices the vertex there; 0-based, undefined = new. */
interface CellLineage {
  readonly cell: number;
  readonly vertices: readonly (number | undefined)[];
}

/** Cell by cell of the child. */
export type CnnLineage = readonly CellLineage[];

export function unchangedCnn({ cells }: CnnPoint): CellLineage[] {
  return cells.map(({ vertices }, cell) => ({ cell, vertices: [...vertices.keys()] }));
}

/** Overwrites the weights of the child that the parent has; the others stay. With a lineage, wherever the vertices are. */
export function transferCnn(
  parent: CnnRelative,
  child: { readonly point: CnnPoint; readonly weights: readonly NamedWeights[] },
  lineage?: CnnLineage,
): Transferred {
  const ancestry = lineage ? knownAncestry(lineage) : equalBegin(parent.point, child.point);
  let copied = 0;
  for (const { name, shape, values } of child.weights) {
    const old = ancestry.tensorOf(name);
    const from = old === undefined ? undefined : parent.tensors[old];
    if (old === undefined || !from) continue;
    const axes = axesOf(
      { name: old, shape: from.shape, point: parent.point },
      { name, shape, point: child.point },
      ancestry,
    );
    copied += copyAlong(axes, from, { shape, data: values });
  }
  return { weights: copied, of: child.weights.reduce((sum, { values }) => sum + values.length, 0) };
}

/** What a transfer would copy, computed without weights. */
export function cnnOverlap(
  parent: { readonly point: CnnPoint; readonly weights: readonly NamedShape[] },
  child: { readonly point: CnnPoint; readonly weights: readonly NamedShape[] },
): Transferred {
  const ancestry = equalBegin(parent.point, child.point);
  const known = new Map(parent.weights.map(({ name, shape }) => [name, shape]));
  const weights = child.weights.reduce((sum, { name, shape }) => {
    const from = known.get(name);
    if (!from || ancestry.tensorOf(name) === undefined) return sum;
    const [old, now] = [parent.point, child.point];
    const axes = axesOf({ name, shape: from, point: old }, { name, shape, point: now }, ancestry);
    return sum + axes.reduce((product, { length }) => product * length, 1);
  }, 0);
  const of = child.weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { weights, of };
}

/** Where the parts of a child come from; undefined = they are new. */
interface Ancestry {
  /** Name of the tensor in the parent. */
  tensorOf(name: string): string | undefined;
  /** Of a vertex of a cell of the child, which counts from 0, the vertex in the parent; both count from 1. */
  vertexOf(cell: number, vertex: number): number | undefined;
}

function equalBegin(parent: CnnPoint, child: CnnPoint): Ancestry {
  const isShared = sharedBy(parent, child);
  return {
    tensorOf: (name) => (isShared(name) ? name : undefined),
    vertexOf: (_, vertex) => vertex,
  };
}

function knownAncestry(lineage: CnnLineage): Ancestry {
  const vertexOf = (cell: number, vertex: number): number | undefined => {
    const old = lineage[cell]?.vertices[vertex - 1];
    return old === undefined ? undefined : old + 1;
  };
  /** Of `vertex<number>` and of `from<number>`, where 0 is the input of the cell. */
  const partOf = (cell: number, part: string): string | undefined => {
    const [, role = '', number] = /^(vertex|from)(\d+)$/.exec(part) ?? [];
    if (number === undefined || (role === 'from' && number === '0')) return part;
    const old = vertexOf(cell, Number(number));
    return old === undefined ? undefined : `${role}${old}`;
  };
  return {
    vertexOf,
    tensorOf(name) {
      const [, number, rest = ''] = /^cell(\d+)\.(.*)$/.exec(name) ?? [];
      if (number === undefined) return name;
      const cell = Number(number) - 1;
      const from = lineage[cell];
      const parts = rest.split('.').map((part) => partOf(cell, part));
      if (!from || parts.includes(undefined)) return undefined;
      return [`cell${from.cell + 1}`, ...parts].join('.');
    },
  };
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

interface PlacedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly point: CnnPoint;
}

function axesOf(before: PlacedTensor, now: PlacedTensor, ancestry: Ancestry): readonly Axis[] {
  return now.shape.map((_, axis) => {
    const [old, own] = [before, now].map((tensor) => blocksOf(tensor, axis)) as [Blocks, Blocks];
    return matched(old, own, ({ cell, vertex, row }) =>
      keyOf({ vertex: vertex && ancestry.vertexOf(cell, vertex), row }),
    );
  });
}

/** Channels that stand side by side: of a vertex, and of one of the rows that a stride puts beside each other. */
interface ChannelBlock {
  readonly size: number;
  readonly cell: number;
  /** Absent where the channels are not those of single vertices. */
  readonly vertex?: number | undefined;
  readonly row: number;
}

type Blocks = readonly ChannelBlock[];

/** Within an axis, whose blocks are of one cell. */
function keyOf({ vertex = 0, row }: Pick<ChannelBlock, 'vertex' | 'row'>): string {
  return `${vertex} ${row}`;
}

/** The leading channels of each block. */
function matched(before: Blocks, now: Blocks, ancestorOf: (block: ChannelBlock) => string): Axis {
  let end = 0;
  const known = new Map(
    before.map((block) => {
      const start = end;
      end += block.size;
      return [keyOf(block), { start, size: block.size }];
    }),
  );
  let to = 0;
  return now.flatMap((block) => {
    const old = known.get(ancestorOf(block));
    const start = to;
    to += block.size;
    const count = old ? Math.min(old.size, block.size) : 0;
    return Array.from({ length: count }, (_, k) => [(old?.start ?? 0) + k, start + k] as const);
  });
}

/** Of an axis of a tensor. */
function blocksOf({ name, shape, point }: PlacedTensor, axis: number): Blocks {
  const [, cell, part = name] = /^cell(\d+)\.(.*)$/.exec(name) ?? [];
  const one = [{ size: shape[axis] as number, cell: 0, row: 0 }];
  const isForecast = part === 'forecast.bias' || (part === 'forecast.weights' && axis === 1);
  if (cell === undefined) return isForecast ? one : madeBlocks(point, point.cells.length - 1);
  const place = Number(cell) - 1;
  if (part === 'input.weights' && axis === 0) return enteringBlocks(point, place) ?? one;
  const isResidual = part === 'residual.bias' || (part === 'residual.weights' && axis === 1);
  return isResidual ? madeBlocks(point, place) : one;
}

/** Of what a cell reads: rows that its stride puts side by side, of each what the cell before has made. */
function enteringBlocks(point: CnnPoint, place: number): Blocks | undefined {
  if (place === 0) return undefined;
  const stride = strideOf(point.cells[place] as CnnCell, place);
  return Array.from({ length: stride }, (_, row) =>
    madeBlocks(point, place - 1).map((block) => ({ ...block, row })),
  ).flat();
}

/** Of the output of a cell. */
function madeBlocks({ cells, join = 'sum' }: CnnPoint, place: number): Blocks {
  const cell = cells[place] as CnnCell;
  const { made, output } = columnsOf(cell, join);
  const common = { cell: place, row: 0 };
  if (join === 'sum') return [{ size: output.columns, ...common }];
  return cell.output.flatMap((vertex) =>
    vertex > 0 ? [{ size: made[vertex] as number, vertex, ...common }] : [],
  );
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
