// Edit distance between two networks of cells: the least cost of turning the graph of one cell into that of the other, exact by
// search over all ways to lay vertices on vertices; cells align in order like the letters of two words. The costs of edits are
// given, so that ours stand beside those of CODEBench's authors.
// Tuli et al. 2023, "CODEBench: a neural architecture and hardware accelerator co-design framework", its CNN2vec.
import {
  type CnnCell,
  type CnnPoint,
  type CnnVertex,
  columnsOf,
  nameOfOperation,
  operationNames,
  strideOf,
} from '../../../models/cnn-design.ts';
import { operationOf } from '../../../models/cnn-ops.ts';
import { aligned, numberer } from '../design-space/edit-distance.ts';
import { memoize } from '../design-space/memoize.ts';
import { cnnKey } from './cell-form.ts';

/** A vertex with the channels that it makes. */
export interface EditedVertex extends Pick<CnnVertex, 'operation'> {
  readonly channels: number;
}

export interface CellCosts {
  /** A vertex becomes another one. */
  exchange(a: EditedVertex, b: EditedVertex): number;
  /** A vertex is inserted or deleted; its edges count for themselves. */
  vertex(vertex: EditedVertex): number;
  readonly edge: number;
  /** A cell is inserted or deleted, beside its vertices and edges. */
  readonly cell: number;
  /** The width, the activation or the stride of a cell differs. */
  readonly width: number;
  readonly activation: number;
  readonly stride: number;
  /** The norms, joins or poolings of the networks differ. */
  readonly whole: number;
}

const FAMILY = 3;
const VERTEX = 9;

/**
 * Our costs, of the size of those of encoders: a vertex counts about as much as the heads of a layer. Convolutions are one
 * family, so are pools. A metric, as an exchange never costs more than a deletion and an insertion.
 */
export const cellCosts: CellCosts = {
  exchange(a, b) {
    const channels = a.channels === b.channels ? 0 : 2;
    if (nameOfOperation(a.operation) === nameOfOperation(b.operation)) return channels;
    return channels + (familyOf(a) === familyOf(b) ? FAMILY : 2 * FAMILY);
  },
  vertex: () => VERTEX,
  edge: 1,
  cell: 9,
  width: 3,
  activation: 2,
  stride: 3,
  whole: 3,
};

function familyOf({ operation }: EditedVertex): string {
  return operationOf(operation).activated ? 'convolution' : operation.op;
}

/**
 * Those of CODEBench: (1 + .1 |i - j|) |w_a - w_b| for an exchange, w for an insertion or deletion, 1e-9 for an edge; i and j
 * are the places of the operations in their list, w is how much a vertex learns. What else a network has costs nothing. Two
 * operations that learn equally much are 0 apart, so this is no metric.
 */
export const authorsCosts: CellCosts = {
  exchange(a, b) {
    const apart = Math.abs(rankOf(a) - rankOf(b));
    return (1 + 0.1 * apart) * Math.abs(authorsWeight(a) - authorsWeight(b));
  },
  vertex: authorsWeight,
  edge: 1e-9,
  ...{ cell: 0, width: 0, activation: 0, stride: 0, whole: 0 },
};

function rankOf({ operation }: EditedVertex): number {
  return operationNames.indexOf(nameOfOperation(operation));
}

/** Pools, which learn nothing, count 1, 2..., as those of CODEBench do. */
function authorsWeight({ operation, channels }: EditedVertex): number {
  const op = operationOf(operation);
  if (op.widens) return op.weights({ from: channels, to: channels }, operation);
  const pools = operationNames.filter((name) => name.startsWith(operation.op));
  return 1 + pools.indexOf(nameOfOperation(operation));
}

/** A cell as a graph: its vertices, by their numbers in a table of costs, and their edges; place 0 is the input. */
interface EditedCell {
  readonly vertices: readonly number[];
  /** Bits of the places that each vertex reads, and of the output, last. */
  readonly reads: readonly number[];
  readonly edges: number;
}

interface CostTable {
  readonly edge: number;
  /** By number. */
  readonly vertex: readonly number[];
  readonly exchange: readonly (readonly number[])[];
}

/** All cells, and what it costs to edit any of their vertices. */
function editedCells(
  cells: readonly PlacedCell[],
  costs: CellCosts,
): { readonly edited: readonly EditedCell[]; readonly table: CostTable } {
  const numbers = numberer(
    ({ operation, channels }: EditedVertex) => `${nameOfOperation(operation)} ${channels}`,
  );
  const edited = cells.map(({ cell, join = 'sum' }) => {
    const { made } = columnsOf(cell, join);
    const lists = [...cell.vertices.map(({ inputs }) => inputs), cell.output];
    return {
      vertices: cell.vertices.map(({ operation }, i) =>
        numbers.of({ operation, channels: made[i + 1] as number }),
      ),
      reads: lists.map((places) => places.reduce((bits, place) => bits | (1 << place), 0)),
      edges: lists.reduce((sum, { length }) => sum + length, 0),
    };
  });
  const all = numbers.different;
  const table = {
    edge: costs.edge,
    vertex: all.map(costs.vertex),
    exchange: all.map((one) => all.map((other) => costs.exchange(one, other))),
  };
  return { edited, table };
}

/** Of two graphs, with input on input and output on output. */
function graphDistance(a: EditedCell, b: EditedCell, table: CostTable): number {
  const inserted = b.vertices.reduce((sum, vertex) => sum + (table.vertex[vertex] as number), 0);
  const edges = table.edge * (a.edges + b.edges);
  // Where each place of a lies in b; -1 = nowhere.
  const laid = [0];
  let least = Number.POSITIVE_INFINITY;
  const lay = (place: number, used: number, cost: number): void => {
    if (place > a.vertices.length) {
      least = Math.min(least, cost + edges - 2 * table.edge * keptEdges(a, b, laid));
      return;
    }
    const vertex = a.vertices[place - 1] as number;
    laid[place] = -1;
    lay(place + 1, used, cost + (table.vertex[vertex] as number));
    for (const [i, other] of b.vertices.entries()) {
      if (used & (1 << i)) continue;
      laid[place] = i + 1;
      const exchanged = table.exchange[vertex]?.[other] as number;
      lay(place + 1, used | (1 << i), cost + exchanged - (table.vertex[other] as number));
    }
  };
  lay(1, 0, inserted);
  return least;
}

/** Edges of a that lie on edges of b. */
function keptEdges(a: EditedCell, b: EditedCell, laid: readonly number[]): number {
  let kept = 0;
  for (const [i, bits] of a.reads.entries()) {
    // The last one is the output, on the output.
    const at = i === a.vertices.length ? b.vertices.length : (laid[i + 1] as number) - 1;
    const other = b.reads[at] ?? 0;
    for (let from = 0; from <= i; from += 1) {
      const place = laid[from] as number;
      if (bits & (1 << from) && place >= 0 && other & (1 << place)) kept += 1;
    }
  }
  return kept;
}

/** Of a point to each point, by numbers. Equal cells are compared once. */
export function cnnDistancesAmong(
  points: readonly CnnPoint[],
  costs: CellCosts = cellCosts,
): (from: number) => Float64Array {
  const graphs = numberer(({ cell, join }: PlacedCell) =>
    cnnKey({ cells: [{ ...cell, activation: 'relu', stride: 1 }], ...(join && { join }) }),
  );
  const networks = points.map((point) => ({
    point,
    cells: point.cells.map((cell, place) => ({
      graph: graphs.of({ cell, join: point.join }),
      width: cell.channels,
      activation: cell.activation,
      stride: strideOf(cell, place),
    })),
  }));
  const { edited, table } = editedCells(graphs.different, costs);
  const rowOf = memoize((number) =>
    Float64Array.from(edited, (other) => graphDistance(edited[number] as EditedCell, other, table)),
  );
  const gaps = edited.map(({ vertices, edges }) =>
    vertices.reduce(
      (sum, vertex) => sum + (table.vertex[vertex] as number),
      costs.cell + costs.edge * edges,
    ),
  );
  type Numbered = (typeof networks)[number]['cells'][number];
  const exchange = (a: Numbered, b: Numbered): number =>
    (rowOf(a.graph)[b.graph] as number) +
    (a.width === b.width ? 0 : costs.width) +
    (a.activation === b.activation ? 0 : costs.activation) +
    (a.stride === b.stride ? 0 : costs.stride);
  return (from) => {
    const own = networks[from] as (typeof networks)[number];
    return Float64Array.from(
      networks,
      ({ point, cells }) =>
        aligned(own.cells, cells, exchange, ({ graph }) => gaps[graph] as number) +
        costs.whole * differences(own.point, point),
    );
  };
}

interface PlacedCell {
  readonly cell: CnnCell;
  readonly join: CnnPoint['join'];
}

/** Norm, join and pooling that differ. */
function differences(a: CnnPoint, b: CnnPoint): number {
  const wholes = ({ norm = 'layer', join = 'sum', pooling = 'last' }: CnnPoint) => [
    norm,
    join,
    pooling,
  ];
  const others = wholes(b);
  return wholes(a).filter((one, i) => one !== others[i]).length;
}
