import { describe, expect, it } from 'vitest';
import type { LabelledGraph } from '../../../src/lab/search/contract.ts';
import { graphsOf, labelCounts, likeness } from '../../../src/lab/search/graph-kernel.ts';
import { pairsOf, someOf } from '../../../src/lab/search/pairs.ts';
import { golden } from '../../golden/read.ts';
import { gridCandidates } from './toy.ts';

interface Written {
  readonly labels: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
}

const { kernels } = golden<{ kernels: readonly { a: Written; b: Written; values: number[] }[] }>(
  'graphs.json',
);

const graphFrom = ({ labels, edges }: Written): LabelledGraph => ({
  labels: labels.map(String),
  edges,
});

/** Three nodes in a row. */
const row = (...labels: readonly string[]): LabelledGraph => ({
  labels,
  edges: labels.slice(1).map((_, i) => [i, i + 1] as const),
});

describe('Weisfeiler-Lehman kernel', () => {
  it('is what a count of written-out labels gives', () => {
    for (const { a, b, values } of kernels) {
      const found = labelCounts([graphFrom(a), graphFrom(b)], values.length - 1).map(
        ([one, other]) => {
          if (!(one && other)) throw new Error('there are two graphs');
          return (likeness(one, [other])[0] as number) * one.length * other.length;
        },
      );
      for (const [h, value] of found.entries()) expect(value).toBeCloseTo(values[h] as number, 9);
    }
  });

  it('is 1 for a graph with its nodes in another order, and less for another one', () => {
    const [, , two = []] = labelCounts(
      [row('a', 'b', 'c'), row('c', 'b', 'a'), row('b', 'a', 'c')],
      2,
    );
    const [one, turned, other] = two;
    if (!(one && turned && other)) throw new Error('there are three graphs');
    const [same, apart] = likeness(one, [turned, other]);
    expect(same).toBeCloseTo(1, 12);
    expect(apart).toBeLessThan(0.9);
  });
});

describe('candidates as graphs', () => {
  const grid = gridCandidates([2, 3]);

  it('are their choices where they are no graphs', () => {
    expect(graphsOf(grid)(5)).toEqual({ labels: ['0=1', '1=2'], edges: [] });
    const short = gridCandidates([3, 2], { short: 1 });
    expect(graphsOf(short)(0).labels).toEqual(['0=0']);
  });

  it('join all nodes of the two halves of a pair', () => {
    const graphs = { ...grid, graphOf: () => row('a', 'b') };
    const pairs = pairsOf(graphs, gridCandidates([2]));
    expect(graphsOf(pairs)(1)).toEqual({
      labels: ['a', 'b', '0=1'],
      edges: [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
    });
  });

  it('stay graphs in a selection', () => {
    const graphs = { ...grid, graphOf: (candidate: number) => row(String(candidate)) };
    expect(graphsOf(someOf(graphs, [4, 2]))(1)).toEqual(row('2'));
  });
});
