import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src/engine/random.ts';
import { designKey, headNames } from '../../../../src/lab/search/design-space/design-key.ts';
import { enumerate } from '../../../../src/lab/search/design-space/enumerate.ts';
import { type DesignGraph, graphOf } from '../../../../src/lab/search/design-space/graph.ts';
import { readSpace } from '../../../../src/lab/search/design-space/space.ts';
import type { DesignPoint } from '../../../../src/models/design-point.ts';
import { graphHash } from './graph-hash.ts';
import { design, designs, type LayerText } from './spaces.ts';

describe('graph of a design', () => {
  it('has a node a block, and edges for what flows and for what is added again', () => {
    const { nodes, edges } = graphOf(design([32, ['attention-scaled', 'transform-dft'], [64, 32]]));
    const named = edges.map(
      ([from, to]) => `${from}.${nodes[from]?.label} ${to}.${nodes[to]?.label}`,
    );
    expect(named).toEqual([
      '0.input 1.attention-scaled',
      '0.input 2.transform-dft',
      '0.input 3.add-norm-32',
      '1.attention-scaled 3.add-norm-32',
      '2.transform-dft 3.add-norm-32',
      '3.add-norm-32 4.feed-forward-64',
      '4.feed-forward-64 5.feed-forward-32',
      '3.add-norm-32 6.add-norm-32',
      '5.feed-forward-32 6.add-norm-32',
      '6.add-norm-32 7.output',
    ]);
    expect(nodes.map(({ layer }) => layer)).toEqual([undefined, 0, 0, 0, 0, 0, 0, undefined]);
  });
});

describe('hash of a graph', () => {
  it('is one for ten thousand numberings of the same nodes', () => {
    const graph = graphOf(design([32, ['attention-scaled', 'attention-scaled'], [64, 64]]));
    const random = createRandom(1);
    const hashes = new Set<string>();
    for (let i = 0; i < 10_000; i++) {
      const numbers = graph.nodes.map((_, node) => node);
      random.shuffle(numbers);
      hashes.add(graphHash(renumbered(graph, numbers)));
    }
    expect(hashes).toEqual(new Set([graphHash(graph)]));
  });

  it('is another one for each of the 812 designs of the proof space', () => {
    const points = enumerate(readSpace('proof'));
    expect(new Set(points.map((point) => graphHash(graphOf(point)))).size).toBe(812);
  });

  it('tells layers apart that have changed places far from the ends and from each other', () => {
    const layers = Array.from({ length: 20 }, (): LayerText => [16, ['transform-dct'], [32]]);
    const [one, other] = ['attention-scaled', 'convolution-9'] as const;
    const a = layers.with(6, [16, [one], [32]]).with(13, [16, [other], [32]]);
    const b = layers.with(6, [16, [other], [32]]).with(13, [16, [one], [32]]);
    expect(graphHash(graphOf(design(...a)))).not.toBe(graphHash(graphOf(design(...b))));
  });

  it('is another one where a head does something else, or is wider', () => {
    const hashes = headNames.map((name) => graphHash(graphOf(design([32, [name], [32]]))));
    const [layer] = design([32, ['attention-scaled'], [32]]).layers;
    const wide = { hidden: 32, headWidth: 48, heads: layer?.heads ?? [], feedForward: [32] };
    hashes.push(graphHash(graphOf({ layers: [wide] })));
    expect(new Set(hashes).size).toBe(headNames.length + 1);
  });
});

describe('key of a design', () => {
  it('is one exactly where the graphs are one but for the numbering of their nodes', () => {
    const sameGraph = (a: DesignPoint, b: DesignPoint) =>
      graphHash(graphOf(a)) === graphHash(graphOf(b));
    fc.assert(
      fc.property(designs, designs, (a, b) => {
        const turned = {
          layers: a.layers.map((layer) => ({ ...layer, heads: [...layer.heads].reverse() })),
        };
        expect(designKey(turned)).toBe(designKey(a));
        expect(sameGraph(turned, a)).toBe(true);
        expect(sameGraph(a, b)).toBe(designKey(a) === designKey(b));
      }),
    );
  });
});

function renumbered({ nodes, edges }: DesignGraph, numbers: readonly number[]): DesignGraph {
  const moved = nodes.map((_, number) => nodes[numbers.indexOf(number)] as (typeof nodes)[number]);
  return {
    nodes: moved,
    edges: edges.map(([from, to]) => [numbers[from] as number, numbers[to] as number] as const),
  };
}
