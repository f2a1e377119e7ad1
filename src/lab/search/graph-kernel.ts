// The Weisfeiler-Lehman subtree kernel: graphs are alike as far as their nodes have the same labels and the same surroundings.
// Shervashidze et al. 2011, "Weisfeiler-Lehman graph kernels", section 3.2.
//
// Notation   h refinements; phi (labels,) how many nodes have each label after 0, 1, ..., h refinements together
import type { Candidates, LabelledGraph } from './contract.ts';
import { arePairs } from './pairs.ts';

/** phi without zeros: numbers of labels, and counts. */
export interface LabelCounts {
  readonly labels: readonly number[];
  readonly counts: readonly number[];
  /** Root of phi . phi */
  readonly length: number;
}

/**
 * phi of each graph, for each number of refinements from 0 to `most`, [h][graph]. A refined label is the label of the node with
 * the sorted labels of its neighbours; the same ones have the same number in all graphs. O(h edges).
 */
export function labelCounts(
  graphs: readonly LabelledGraph[],
  most: number,
): readonly (readonly LabelCounts[])[] {
  const numbers = new Map<string, number>();
  const numberOf = (content: string): number => {
    const known = numbers.get(content) ?? numbers.size;
    numbers.set(content, known);
    return known;
  };
  const around = graphs.map(neighboursIn);
  let labels = graphs.map((graph) => graph.labels.map((label) => numberOf(`0 ${label}`)));
  const phi = graphs.map(() => new Map<number, number>());
  return Array.from({ length: most + 1 }, (_, h) => {
    if (h > 0) {
      labels = labels.map((own, g) =>
        own.map((label, node) => {
          const others = (around[g]?.[node] ?? []).map((other) => own[other] as number);
          return numberOf(`${h} ${label}: ${others.sort((a, b) => a - b).join()}`);
        }),
      );
    }
    for (const [g, own] of labels.entries()) {
      const counts = phi[g] as Map<number, number>;
      for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return phi.map(countsFrom);
  });
}

function neighboursIn({ labels, edges }: LabelledGraph): readonly (readonly number[])[] {
  const around: number[][] = labels.map(() => []);
  for (const [a, b] of edges) {
    around[a]?.push(b);
    around[b]?.push(a);
  }
  return around;
}

function countsFrom(counts: ReadonlyMap<number, number>): LabelCounts {
  const squares = [...counts.values()].reduce((sum, count) => sum + count ** 2, 0);
  return {
    labels: [...counts.keys()],
    counts: [...counts.values()],
    length: Math.sqrt(squares),
  };
}

/** phi . phi' / (|phi| |phi'|) of one graph and each of others: 1 for those with the same counts. */
export function likeness(one: LabelCounts, others: readonly LabelCounts[]): Float64Array {
  const own = new Map(one.labels.map((label, i) => [label, one.counts[i] as number]));
  return Float64Array.from(others, ({ labels, counts, length }) => {
    let sum = 0;
    for (let i = 0; i < labels.length; i++) {
      const count = own.get(labels[i] as number);
      if (count !== undefined) sum += count * (counts[i] as number);
    }
    return sum / (one.length * length);
  });
}

/**
 * Candidates as graphs. Where they are none themselves, their choices are: a node for each, without edges. In a pair all nodes
 * of the first are joined to all of the second, so that refined labels tell what goes together.
 */
export function graphsOf(candidates: Candidates): (candidate: number) => LabelledGraph {
  if (candidates.graphOf) return candidates.graphOf;
  if (arePairs(candidates)) {
    const [first, second] = [graphsOf(candidates.first), graphsOf(candidates.second)];
    return (candidate) => {
      const [a, b] = candidates.partsOf(candidate);
      return joined(first(a), second(b));
    };
  }
  const { sizes, values, kinds } = candidates.choices;
  return (candidate) => ({
    labels: sizes.flatMap((_, place) => {
      const option = values[candidate * sizes.length + place] as number;
      return option < 0 ? [] : [`${kinds?.[place] ?? place}=${option}`];
    }),
    edges: [],
  });
}

function joined(one: LabelledGraph, other: LabelledGraph): LabelledGraph {
  const after = one.labels.length;
  return {
    labels: [...one.labels, ...other.labels],
    edges: [
      ...one.edges,
      ...other.edges.map(([a, b]) => [a + after, b + after] as const),
      ...one.labels.flatMap((_, a) => other.labels.map((__, b) => [a, b + after] as const)),
    ],
  };
}
