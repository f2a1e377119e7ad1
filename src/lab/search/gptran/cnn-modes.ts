// The growth of convolutional networks: vertices of cells, then channels, in EdgeTran's order of heads and feed-forward layers.
// New vertices and channels begin with random weights, as new heads do.
import { z } from 'zod';
import { type CnnPoint, LIMITS, nameOfOperation } from '../../../models/cnn-design.ts';
import { OPERATIONS, operationOf } from '../../../models/cnn-ops.ts';
import type { ModelTensor } from '../../../models/model.ts';
import { cnnFamily } from '../../../models/network-family.ts';
import { type CnnLineage, unchangedCnn } from '../../../models/transfer/transfer-cnn.ts';
import type { Relative } from '../../../models/transfer/transfer-weights.ts';
import {
  keepsWidths,
  nameOfWidth,
  resized,
  widthsOf,
  withCell,
  withoutVertex,
  withVertex,
} from './cnn-changes.ts';
import type { GrowthFamily, Mode, Offspring } from './contract.ts';
import { type BlockWeight, drawn, lightest, meanSquare } from './mode.ts';
import { BUDGETS, budget, commonOptions } from './options.ts';

const options = z.strictObject({
  ...commonOptions,
  channels: z
    .array(z.int().min(1).max(128))
    .min(1)
    .default([8, 16])
    .describe(
      'Channels that a growing round adds to vertices that are added to each other, or to a cell',
    ),
  prunedVertices: z.int().min(1).default(1).describe('Vertices that a pruning round removes'),
  prunedChannels: z
    .int()
    .min(1)
    .default(8)
    .describe('Channels that a pruning round removes from vertices, or from a cell'),
  prunedCells: z
    .int()
    .min(1)
    .default(2)
    .describe('Cells from which a pruning round removes channels'),
  budgets: z
    .strictObject({
      'grow-vertex': budget(300, 0.2),
      'grow-channels': budget(600, 0.2),
      'prune-vertex': budget(400, 1),
      'prune-channels': budget(300, 0.2),
    })
    .prefault({})
    .describe(BUDGETS),
});

type CnnMode = Mode<CnnPoint, CnnLineage, z.infer<typeof options>>;

/** Adds a vertex of any operation that reads one place of a cell, to its output; what is there keeps its width. */
const growVertex: CnnMode = {
  grows: true,
  offspring({ point }, context) {
    const { cells, join = 'sum' } = point;
    const all = cells.flatMap((cell, place) => {
      const count = cell.vertices.length;
      if (count === LIMITS.vertices) return [];
      return OPERATIONS.flatMap((operation) =>
        Array.from({ length: count + 1 }, (_, input): Offspring<CnnPoint, CnnLineage> => {
          const grown = withVertex(cell, { operation, inputs: [input] }, join);
          const of = input === 0 ? 'its input' : `vertex ${input}`;
          return {
            point: withCell(point, place, grown),
            lineage: unchangedCnn(point).with(place, {
              cell: place,
              vertices: [...cell.vertices.keys(), undefined],
            }),
            change: `cell ${place + 1} + ${nameOfOperation(operation)} of ${of}`,
          };
        }),
      );
    });
    return drawn(
      all.filter(({ point: grown }) => keepsWidths(point, grown)),
      context,
    );
  },
};

/** Makes a cell, or the vertices that are added to each other, wider. */
const growChannels: CnnMode = {
  grows: true,
  offspring({ point }, context) {
    const all = point.cells.flatMap((_, place) =>
      widthsOf(point, place).flatMap((width) =>
        context.options.channels.flatMap((more) => {
          const cell = resized(point, place, width, more);
          if (!cell) return [];
          return {
            point: withCell(point, place, cell),
            lineage: unchangedCnn(point),
            change: `${nameOfWidth(place, width)} + ${more} channels`,
          };
        }),
      ),
    );
    return drawn(all, context);
  },
};

/** Removes the vertices with the smallest weights; each cell keeps one. Pools weigh nothing, and stay. */
const pruneVertex: CnnMode = {
  grows: false,
  offspring(parent, { options: { prunedVertices }, tried }) {
    const { point } = parent;
    const left = point.cells.map(({ vertices: { length } }) => length);
    const dropped: BlockWeight[] = [];
    for (const one of lightest(vertexWeights(parent))) {
      const count = left[one.layer] as number;
      if (dropped.length === prunedVertices || count === 1) continue;
      left[one.layer] = count - 1;
      dropped.push(one);
    }
    const change = dropped
      .map(({ layer, index }) => `cell ${layer + 1} - vertex ${index + 1}`)
      .join(', ');
    if (dropped.length === 0 || tried.has(change)) return [];
    const cells = point.cells.map((cell, place) => {
      const gone = dropped.flatMap(({ layer, index }) => (layer === place ? [index] : []));
      return gone.sort((a, b) => b - a).reduce(withoutVertex, cell);
    });
    const lineage = unchangedCnn(point).map(({ cell, vertices }) => ({
      cell,
      vertices: vertices.filter(
        (vertex) => !dropped.some(({ layer, index }) => layer === cell && index === vertex),
      ),
    }));
    return [{ point: { ...point, cells }, lineage, change }];
  },
};

/** Removes the last channels of the cells, or vertices that are added to each other, with the smallest weights. */
const pruneChannels: CnnMode = {
  grows: false,
  offspring(parent, { options: { prunedChannels, prunedCells }, tried }) {
    const { point } = parent;
    const narrowable = point.cells.flatMap((_, layer) =>
      widthsOf(point, layer).flatMap((width, index) => {
        const cell = resized(point, layer, width, -prunedChannels);
        if (!cell) return [];
        const own = width.map((at) => weightAt(parent, layer, at) ?? 0);
        const weight = own.reduce((sum, one) => sum + one, 0) / own.length;
        return { layer, index, weight, cell, width };
      }),
    );
    const order = lightest(narrowable);
    const chosen = order
      .filter(({ layer }, i) => order.findIndex((one) => one.layer === layer) === i)
      .slice(0, prunedCells);
    const change = chosen
      .map(({ layer, width }) => `${nameOfWidth(layer, width)} - ${prunedChannels} channels`)
      .join(', ');
    if (chosen.length === 0 || tried.has(change)) return [];
    const narrow = chosen.reduce((lean, { layer, cell }) => withCell(lean, layer, cell), point);
    return [{ point: narrow, lineage: unchangedCnn(point), change }];
  },
};

function vertexWeights(network: Relative<CnnPoint>): readonly BlockWeight[] {
  return network.point.cells.flatMap(({ vertices }, layer) =>
    vertices.flatMap((_, index) => {
      const weight = weightAt(network, layer, index + 1);
      return weight === undefined ? [] : { layer, index, weight };
    }),
  );
}

/** Mean of the mean squares of the weights of a place of a cell; undefined where it has none. */
function weightAt(
  { point, tensors }: Relative<CnnPoint>,
  place: number,
  at: number,
): number | undefined {
  const vertex = point.cells[place]?.vertices[at - 1];
  const { taps, readers } = vertex ? operationOf(vertex.operation).tensors : INPUT;
  const own = vertex ? `vertex${at}` : 'input';
  const means = [...taps, ...readers].map((role) =>
    meanSquare((tensors[`cell${place + 1}.${own}.${role}`] as ModelTensor).data),
  );
  return means.length > 0 ? means.reduce((sum, mean) => sum + mean, 0) / means.length : undefined;
}

/** The projection before a cell. */
const INPUT = { taps: [], readers: ['weights'] };

const modes: ReadonlyMap<string, CnnMode> = new Map([
  ['grow-vertex', growVertex],
  ['grow-channels', growChannels],
  ['prune-vertex', pruneVertex],
  ['prune-channels', pruneChannels],
]);

export const cnnGrowth: GrowthFamily<CnnPoint, CnnLineage, z.infer<typeof options>> = {
  kind: cnnFamily.kind,
  options,
  modes,
  order: () => [...modes.keys()],
  unchanged: unchangedCnn,
};
