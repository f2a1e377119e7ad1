// Seeks connected graphs of small cost and large algebraic connectivity, of diameter 3 at most. Our own.
//
// Notation   L (n, n) the Laplacian: degrees on the diagonal, -1 for each edge; its second smallest eigenvalue is the algebraic
//            connectivity (Fiedler 1973, "Algebraic connectivity of graphs")
import { symmetricEigen } from '../../../engine/linear-algebra/decompositions.ts';
import { dense } from '../../../engine/linear-algebra/dense.ts';
import type { Candidates } from '../contract.ts';
import { landmarkMds } from '../design-space/landmark-mds.ts';
import {
  connectedGraphs,
  type GraphSet,
  hasEdge,
  joinedTo,
  labelsOf,
  pairCount,
  permutations,
  renumbered,
  type SmallGraph,
  stepsFrom,
} from './graphs.ts';
import { type CandidateProblem, referenceAt } from './problem.ts';

const MOST_NODES = 6;
const MOST_DIAMETER = 3;
/** Of an edge between equal labels, and between unlike ones. */
const [ALIKE, UNLIKE] = [1, 2];

/** Beyond all graphs, and a tenth beyond the front: no connectivity at a cost of 25, and of 16.5. */
const REFERENCES = [
  [0, 25],
  [0, 16.5],
] as const;

export function graphProblem(): CandidateProblem {
  const set = connectedGraphs(MOST_NODES);
  const measured = set.graphs.map((graph) => ({
    objectives: [-algebraicConnectivity(graph), costOf(graph)],
    constraints: [diameterOf(graph) - MOST_DIAMETER],
  }));
  return {
    name: 'graphs',
    source: 'ours; all 4,302 graphs were computed',
    candidates: graphCandidates(set),
    measured,
    references: REFERENCES.map((point) => referenceAt(measured, point)),
  };
}

/** 0 for a single node. */
export function algebraicConnectivity(graph: SmallGraph): number {
  const { nodes } = graph;
  if (nodes < 2) return 0;
  const laplacian = Float64Array.from({ length: nodes * nodes }, (_, at) => {
    const [i, j] = [Math.floor(at / nodes), at % nodes];
    if (i === j) return joinedTo(graph, i).length;
    return hasEdge(graph.edges, i, j) ? -1 : 0;
  });
  return symmetricEigen(dense(nodes, nodes, laplacian)).values[nodes - 2] as number;
}

/** The most steps between two nodes. */
export function diameterOf(graph: SmallGraph): number {
  return Math.max(...labelsOf(graph).flatMap((_, node) => stepsFrom(graph, node)));
}

export function costOf(graph: SmallGraph): number {
  const labels = labelsOf(graph);
  return labels.reduce(
    (sum, label, j) =>
      joinedTo(graph, j)
        .filter((i) => i < j)
        .reduce((cost, i) => cost + (labels[i] === label ? ALIKE : UNLIKE), sum),
    0,
  );
}

/**
 * Points whose distances to all others are computed, and coordinates at most. With 24 or 32 landmarks some graphs have the same
 * coordinates.
 */
const [LANDMARKS, WIDTH] = [48, 16];

/** Coordinates are laid out from edit distances, as those of designs are. */
export function graphCandidates(set: GraphSet): Candidates {
  const { graphs, choices, neighbours, find } = set;
  const layout = landmarkMds(graphs.length, editDistances(graphs), {
    landmarks: LANDMARKS,
    width: WIDTH,
  });
  return {
    ...{ count: graphs.length, coordinates: layout.coordinates, choices, neighbours, find },
    graphOf(candidate) {
      const graph = graphs[candidate] as SmallGraph;
      const labels = labelsOf(graph);
      const edges = labels.flatMap((_, j) =>
        joinedTo(graph, j).flatMap((i) => (i < j ? [[i, j] as const] : [])),
      );
      return { labels: labels.map(String), edges };
    },
  };
}

/**
 * Edit distances from a graph to all: the least number of nodes and edges to add and remove, and of labels to change. Exact,
 * by all ways to place the nodes.
 */
export function editDistances(graphs: readonly SmallGraph[]): (from: number) => Float64Array {
  const order = Array.from({ length: MOST_NODES }, (_, i) => i);
  const all = Int32Array.from(graphs, (graph) => placed(graph, order));
  const orders = permutations(order);
  return (from) => {
    const graph = graphs[from] as SmallGraph;
    const ways = Int32Array.from(new Set(orders.map((one) => placed(graph, one))));
    return Float64Array.from(all, (other) => {
      let least = Number.POSITIVE_INFINITY;
      for (const way of ways) least = Math.min(least, difference(way, other));
      return least;
    });
  };
}

/** Pairs of places, in the lowest bits; then a bit for each place that has a node, and for each that has one of label 1. */
const PAIRS = pairCount(MOST_NODES);

/** A graph with node `order[i]` in place i, as bits; places of nodes that the graph has not are empty. */
function placed({ nodes, ones, edges }: SmallGraph, order: readonly number[]): number {
  const bits = (holds: (node: number) => boolean): number =>
    order.reduce((sum, node, place) => (holds(node) ? sum | (1 << place) : sum), 0);
  const present = bits((node) => node < nodes);
  const second = bits((node) => node < nodes && node >= nodes - ones);
  return renumbered(edges, order) | (present << PAIRS) | (second << (PAIRS + MOST_NODES));
}

/** Pairs and places in which two differ. */
function difference(a: number, b: number): number {
  const apart = a ^ b;
  const places = ((apart >> PAIRS) | (apart >> (PAIRS + MOST_NODES))) & (2 ** MOST_NODES - 1);
  return bitsOf((apart & (2 ** PAIRS - 1)) | (places << PAIRS));
}

/** Number of set bits. */
function bitsOf(word: number): number {
  let x = word - ((word >> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >> 2) & 0x33333333);
  x = (x + (x >> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >> 24;
}
