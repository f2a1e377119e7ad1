// All small connected graphs with two labels, none twice: numbered, with their neighbours and choices.
//
// Notation   n nodes, those of label 0 first; pair (i, j), i < j, is bit j (j - 1) / 2 + i of `edges`
import type { Choices } from '../contract.ts';

/** A graph up to the numbering of its nodes: of all numberings, the one with the least `edges`. */
export interface SmallGraph {
  /** n */
  readonly nodes: number;
  /** How many of the nodes, the last ones, have label 1. */
  readonly ones: number;
  readonly edges: number;
}

export interface GraphSet {
  readonly graphs: readonly SmallGraph[];
  readonly choices: Choices;
  /** Number of a graph whose nodes have these labels, in any order; undefined if it is not connected or too large. */
  numberOf(labels: readonly number[], edges: number): number | undefined;
  /** One edge more or less, another label, or a leaf more or less; ascending. */
  neighbours(number: number): readonly number[];
  find(choices: ArrayLike<number>): number | undefined;
}

/** Which bit of `edges` a pair is. */
export const bitOf = (i: number, j: number): number =>
  i < j ? (j * (j - 1)) / 2 + i : (i * (i - 1)) / 2 + j;

/** Pairs of so many nodes. */
export const pairCount = (nodes: number): number => (nodes * (nodes - 1)) / 2;

export const hasEdge = (edges: number, i: number, j: number): boolean =>
  ((edges >> bitOf(i, j)) & 1) === 1;

export const labelsOf = ({ nodes, ones }: SmallGraph): readonly number[] =>
  Array.from({ length: nodes }, (_, i) => (i < nodes - ones ? 0 : 1));

/** Nodes that an edge joins to this one. */
export function joinedTo({ nodes, edges }: SmallGraph, node: number): readonly number[] {
  return Array.from({ length: nodes }, (_, other) => other).filter(
    (other) => other !== node && hasEdge(edges, node, other),
  );
}

/** Steps from `start` to each node; infinite where there is no way. */
export function stepsFrom(graph: SmallGraph, start: number): readonly number[] {
  const steps = new Array<number>(graph.nodes).fill(Number.POSITIVE_INFINITY);
  steps[start] = 0;
  const queue = [start];
  for (const node of queue) {
    for (const other of joinedTo(graph, node)) {
      if (steps[other] !== Number.POSITIVE_INFINITY) continue;
      steps[other] = (steps[node] as number) + 1;
      queue.push(other);
    }
  }
  return steps;
}

/** Graphs of 1 to `most` nodes, at most six: by nodes, then by nodes of label 1, then by edges. 4,302 of up to six. */
export function connectedGraphs(most: number): GraphSet {
  const graphs: SmallGraph[] = [];
  /** [nodes][ones][edges]: number of the graph, -1 = not connected. */
  const numbers: Int32Array[][] = [[]];
  for (let nodes = 1; nodes <= most; nodes++) {
    numbers.push(
      Array.from({ length: nodes + 1 }, (_, ones) => numberClasses(nodes, ones, graphs)),
    );
  }

  function numberOf(labels: readonly number[], edges: number): number | undefined {
    const order = [...labels.keys()].sort((a, b) => (labels[a] as number) - (labels[b] as number));
    const ones = labels.filter((label) => label === 1).length;
    const number = numbers[labels.length]?.[ones]?.[renumbered(edges, order)] ?? -1;
    return number >= 0 ? number : undefined;
  }

  function neighbours(number: number): readonly number[] {
    const graph = graphs[number];
    if (!graph) throw new RangeError(`there is no graph ${number} of ${graphs.length}`);
    const found = stepsAround(graph).map(([labels, edges]) => numberOf(labels, edges));
    const others = found.filter((other) => other !== undefined && other !== number);
    return [...new Set(others as number[])].sort((a, b) => a - b);
  }

  const choices = choicesOf(graphs, most);
  return {
    ...{ graphs, choices, numberOf, neighbours },
    find: (row) => numberOf(...graphFrom(row, most)),
  };
}

/** Appends a graph for each class of edges that permutations within the two labels turn into each other. */
function numberClasses(nodes: number, ones: number, graphs: SmallGraph[]): Int32Array {
  const orders = ordersWithin(nodes, ones);
  const UNSEEN = -2;
  const numbers = new Int32Array(2 ** pairCount(nodes)).fill(UNSEEN);
  for (let edges = 0; edges < numbers.length; edges++) {
    if (numbers[edges] !== UNSEEN) continue;
    const graph = { nodes, ones, edges };
    const connected = stepsFrom(graph, 0).every(Number.isFinite);
    const number = connected ? graphs.push(graph) - 1 : -1;
    for (const order of orders) numbers[renumbered(edges, order)] = number;
  }
  return numbers;
}

/** Edges once node `order[i]` has number i. */
export function renumbered(edges: number, order: readonly number[]): number {
  let found = 0;
  for (let j = 1; j < order.length; j++) {
    for (let i = 0; i < j; i++) {
      if (hasEdge(edges, order[i] as number, order[j] as number)) found |= 1 << bitOf(i, j);
    }
  }
  return found;
}

/** All orders in which the nodes of label 0 stay before those of label 1. */
function ordersWithin(nodes: number, ones: number): readonly (readonly number[])[] {
  const all = Array.from({ length: nodes }, (_, i) => i);
  const seconds = permutations(all.slice(nodes - ones));
  return permutations(all.slice(0, nodes - ones)).flatMap((first) =>
    seconds.map((second) => [...first, ...second]),
  );
}

export function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) =>
    permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]),
  );
}

type Raw = readonly [labels: readonly number[], edges: number];

/** Adding a leaf undoes taking one, so all steps are symmetric. */
function stepsAround(graph: SmallGraph): readonly Raw[] {
  const { nodes, edges } = graph;
  const labels = labelsOf(graph);
  const all = [...labels.keys()];
  const flipped = Array.from(
    { length: pairCount(nodes) },
    (_, bit): Raw => [labels, edges ^ (1 << bit)],
  );
  const relabelled = all.map((i): Raw => [labels.with(i, 1 - (labels[i] as number)), edges]);
  const longer = all.flatMap((i) =>
    [0, 1].map((label): Raw => [[...labels, label], edges | (1 << bitOf(i, nodes))]),
  );
  const leaves = all.filter((i) => joinedTo(graph, i).length === 1);
  const shorter = leaves.map((leaf): Raw => {
    const order = all.filter((i) => i !== leaf);
    return [order.map((i) => labels[i] as number), renumbered(edges, order)];
  });
  return [...flipped, ...relabelled, ...longer, ...shorter];
}

/** A place for the label of each node, then one for each pair: edge or not. Graphs lack the places of nodes they have not. */
function choicesOf(graphs: readonly SmallGraph[], most: number): Choices {
  const places = most + pairCount(most);
  const values = new Int32Array(graphs.length * places).fill(-1);
  for (const [number, graph] of graphs.entries()) {
    const { nodes, edges } = graph;
    values.set(labelsOf(graph), number * places);
    const pairs = Array.from({ length: pairCount(nodes) }, (_, bit) => (edges >> bit) & 1);
    values.set(pairs, number * places + most);
  }
  return {
    sizes: new Array<number>(places).fill(2),
    values,
    kinds: Array.from({ length: places }, (_, place) => (place < most ? 0 : 1)),
  };
}

/** Nodes are those with a label. Edges at others are ignored, so that graphs of different sizes have common children. */
function graphFrom(choices: ArrayLike<number>, most: number): Raw {
  const present = Array.from({ length: most }, (_, i) => i).filter(
    (i) => (choices[i] as number) >= 0,
  );
  const pairs = Array.from({ length: pairCount(most) }, (_, bit) =>
    choices[most + bit] === 1 ? 1 << bit : 0,
  );
  const edges = pairs.reduce((sum, bit) => sum | bit, 0);
  return [present.map((i) => choices[i] as number), renumbered(edges, present)];
}
