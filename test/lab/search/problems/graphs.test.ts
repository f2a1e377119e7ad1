import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankCorrelation } from '../../../../src/engine/statistics.ts';
import { hypervolume } from '../../../../src/lab/search/front.ts';
import {
  bitOf,
  connectedGraphs,
  labelsOf,
  pairCount,
  permutations,
  renumbered,
  type SmallGraph,
} from '../../../../src/lab/search/problems/graphs.ts';
import {
  algebraicConnectivity,
  costOf,
  diameterOf,
  editDistances,
  graphProblem,
} from '../../../../src/lab/search/problems/graphs-problem.ts';
import { shareOfVolume } from '../../../../src/lab/search/problems/problem.ts';
import { golden } from '../../../golden/read.ts';

interface Written {
  readonly labels: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
}

const reference = golden<{
  tolerance: { eigenvalue: number };
  counts: Record<string, number>;
  graphs: readonly (Written & { connectivity: number; diameter: number; cost: number })[];
  distances: readonly { a: Written; b: Written; distance: number }[];
}>('graphs.json');

const problem = graphProblem();
const set = connectedGraphs(6);
const { graphs } = set;

const bitsOf = ({ edges }: Written) => edges.reduce((sum, [a, b]) => sum | (1 << bitOf(a, b)), 0);
const numberOf = (graph: Written) => set.numberOf(graph.labels, bitsOf(graph)) as number;

/** Graphs with two labels, connected or not: (1 / n!) sum over permutations of 2 ^ (cycles of nodes + cycles of pairs). */
function burnside(nodes: number): number {
  const orders = permutations(Array.from({ length: nodes }, (_, i) => i));
  const sum = orders.reduce((total, order) => {
    const ofPairs = Array.from({ length: nodes }, (_, j) =>
      Array.from({ length: j }, (__, i) => bitOf(i, j)),
    ).flat();
    const image = new Map<number, number>();
    for (let j = 0; j < nodes; j++) {
      for (let i = 0; i < j; i++)
        image.set(bitOf(i, j), bitOf(order[i] as number, order[j] as number));
    }
    const cycles = cyclesOf([...order.keys()], (i) => order[i] as number);
    return total + 2 ** (cycles + cyclesOf(ofPairs, (bit) => image.get(bit) as number));
  }, 0);
  return sum / orders.length;
}

function cyclesOf(items: readonly number[], next: (item: number) => number): number {
  const seen = new Set<number>();
  return items.filter((start) => {
    if (seen.has(start)) return false;
    for (let item = start; !seen.has(item); item = next(item)) seen.add(item);
    return true;
  }).length;
}

/** Inverse Euler transform: how many are connected, by their number of nodes from 1 on. */
function connectedAmong(all: readonly number[]): readonly number[] {
  const c: number[] = [];
  const connected: number[] = [];
  for (let n = 1; n <= all.length; n++) {
    const earlier = c.reduce((sum, each, k) => sum + each * (all[n - k - 2] as number), 0);
    c.push(n * (all[n - 1] as number) - earlier);
    const ofParts = connected.reduce(
      (sum, each, k) => (n % (k + 1) ? sum : sum + (k + 1) * each),
      0,
    );
    connected.push(((c[n - 1] as number) - ofParts) / n);
  }
  return connected;
}

describe('connected graphs with two labels', () => {
  it("are as many as Burnside's lemma and networkx count", () => {
    const ofNodes = [1, 2, 3, 4, 5, 6].map(
      (nodes) => graphs.filter((graph) => graph.nodes === nodes).length,
    );
    expect(ofNodes).toEqual(connectedAmong([1, 2, 3, 4, 5, 6].map(burnside)));
    expect(ofNodes.slice(0, 5)).toEqual(Object.values(reference.counts));
    expect(graphs.length).toBe(4302);
  });

  it('have one number however their nodes are numbered', () => {
    fc.assert(
      fc.property(fc.nat(graphs.length - 1), fc.infiniteStream(fc.nat(99)), (number, keys) => {
        const graph = graphs[number] as SmallGraph;
        const drawn = labelsOf(graph).map((_, i) => ({ i, key: keys.next().value as number }));
        const order = drawn.sort((a, b) => a.key - b.key).map(({ i }) => i);
        const labels = order.map((i) => labelsOf(graph)[i] as number);
        expect(set.numberOf(labels, renumbered(graph.edges, order))).toBe(number);
      }),
    );
  });

  it('are found by their choices, and not where they fall apart', () => {
    const { sizes, values } = set.choices;
    for (const number of graphs.keys()) {
      const row = values.subarray(number * sizes.length, (number + 1) * sizes.length);
      expect(set.find(row)).toBe(number);
    }
    expect(set.find(sizes.map(() => 0))).toBeUndefined();
    expect(set.find(sizes.map(() => -1))).toBeUndefined();
  });

  it('have symmetric steps that lead to all', () => {
    const around = graphs.map((_, number) => set.neighbours(number));
    const oneWay = around.flatMap((others, number) =>
      others.filter((other) => !around[other]?.includes(number)),
    );
    expect(oneWay).toEqual([]);
    const reached = new Set([0]);
    for (const number of reached) for (const other of around[number] ?? []) reached.add(other);
    expect(reached.size).toBe(graphs.length);
  });

  it.each([0, 7, 60, 400, 2000, 4301])(
    'have steps of edit distance 1 or, with a leaf, 2: from number %i',
    (number) => {
      const from = editDistances(graphs)(number);
      for (const other of set.neighbours(number)) {
        const sameSize = graphs[other]?.nodes === graphs[number]?.nodes;
        expect(from[other]).toBe(sameSize ? 1 : 2);
      }
    },
  );

  it('have the edit distances of networkx', () => {
    const distances = editDistances(graphs);
    for (const { a, b, distance } of reference.distances) {
      expect(distances(numberOf(a))[numberOf(b)]).toBe(distance);
    }
  });
});

describe('problem of graphs', () => {
  it('has the connectivity, diameter and cost of networkx and SciPy', () => {
    for (const written of reference.graphs) {
      const graph = graphs[numberOf(written)] as SmallGraph;
      expect(Math.abs(algebraicConnectivity(graph) - written.connectivity)).toBeLessThan(
        reference.tolerance.eigenvalue,
      );
      expect([diameterOf(graph), costOf(graph)]).toEqual([written.diameter, written.cost]);
    }
  });

  it('has the complete graphs of one label as its front', () => {
    // Connectivity n at a cost of n (n - 1) / 2.
    const complete = [1, 2, 3, 4, 5, 6].map((n) =>
      numberOf({ labels: new Array(n).fill(1), edges: all(n) }),
    );
    const front = complete.map((number) => problem.measured[number]?.objectives ?? []);
    for (const reference of problem.references) {
      const [, top = 0] = reference.point;
      const exact = [2, 3, 4, 5, 6].reduce(
        (sum, n) => sum + (n === 2 ? 2 : 1) * (top - pairCount(n)),
        0,
      );
      expect(reference.most).toBeCloseTo(exact, 9);
      expect(hypervolume(front, reference.point)).toBeCloseTo(reference.most, 9);
      expect(shareOfVolume(problem, reference, complete)).toBeCloseTo(1, 12);
      expect(shareOfVolume(problem, reference, [])).toBe(0);
    }
  });

  it('counts nothing of graphs of a diameter above 3', () => {
    const long = problem.measured.findIndex(({ constraints }) => (constraints[0] as number) > 0);
    for (const reference of problem.references) {
      expect(shareOfVolume(problem, reference, [long])).toBe(0);
    }
  });

  it('gives each graph coordinates of its own that keep the order of edit distances', () => {
    const { values, width } = problem.candidates.coordinates;
    const row = (number: number) => values.subarray(number * width, (number + 1) * width);
    const texts = graphs.map((_, number) => Array.from(row(number), (x) => x.toFixed(6)).join());
    expect(new Set(texts).size).toBe(graphs.length);
    const distances = editDistances(graphs);
    const some = graphs.flatMap((_, number) => (number % 40 === 0 ? [number] : []));
    const [found, exact]: [number[], number[]] = [[], []];
    for (const from of some.filter((_, i) => i % 10 === 3)) {
      const far = distances(from);
      for (const to of some) {
        found.push(Math.hypot(...row(from).map((x, e) => x - (row(to)[e] as number))));
        exact.push(far[to] as number);
      }
    }
    expect(rankCorrelation(found, exact)).toBeGreaterThan(0.8);
  });
});

function all(n: number): readonly (readonly [number, number])[] {
  return Array.from({ length: n }, (_, j) =>
    Array.from({ length: j }, (__, i) => [i, j] as const),
  ).flat();
}
