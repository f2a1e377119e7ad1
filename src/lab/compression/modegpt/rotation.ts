// A rival of MoDeGPT: the vectors that pass through all layers are turned to their principal directions, and lose the last.
// Ashkboos et al. 2024, "SliceGPT: compress large language models by deleting rows and columns".
//
// Notation   h width of the layers, k of it that stays; x (h,) a vector, M = I - 11'/h takes its mean away
//            r = norm(x) without gain g and bias b of the norm, Q (h, k - 1) the first principal directions of r, orthogonal to 1
//            U (k - 1, k) orthonormal rows orthogonal to 1, B = Q U (h, k)
//            z = x B is kept in place of x, x M ~ z B', and W of a product that reads the norm becomes
//            norm(x) W + a ~ norm(z) (h / k)^(1/2) B' diag(g) W + b W + a
//
// Departs from SliceGPT:
// - that replaces layer norms by RMS norms, whose rows may be turned; here U makes the mean of z 0, so that its layer norm
//   is that of x up to the factor, and the result is an encoder like others, which every engine runs;
// - all layers share one rotation, because no matrix stands where a layer's input is added to its output, which could turn
//   the vectors of one layer into those of the next;
// - principal directions are those of normalised rows, which the layers read, so that none counts more than others.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { DYNAMO } from '../../../detectors/dynamo/design.ts';
import { identity, product } from '../../../engine/linear-algebra/blocks.ts';
import { symmetricEigen } from '../../../engine/linear-algebra/decompositions.ts';
import { type Dense, dense, transposed } from '../../../engine/linear-algebra/dense.ts';
import {
  type DesignPoint,
  type EncoderLayer,
  groupsOf,
  headWidthOf,
  LIMITS,
  nameOf,
} from '../../../models/design-point.ts';
import type { Model } from '../../../models/model.ts';
import { designWith, type EncoderNetwork, encoderNetworks } from '../calibrated-networks.ts';
import type { CompressedPart, Compression } from '../contract.ts';
import { normalisedMoments } from '../moments.ts';
import { keptColumns, MOST_REMOVED } from './allocation.ts';
import { matrixOf, tensorFrom, vectorFrom } from './layer-weights.ts';

type Tensors = Model['tensors'];

const options = z.strictObject({
  ratio: z
    .number()
    .min(0)
    .max(MOST_REMOVED)
    .describe('Share of the width of all layers that is removed'),
  round: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Layers of more columns keep a multiple of this, as published; 1 = any number')
    .meta({ unit: 'columns' }),
});

export const rotation: Compression<z.infer<typeof options>> = {
  kind: 'rotation',
  summary:
    'turns the vectors between layers to their principal directions, and leaves out the last',
  options,
  detectors: ['forecaster', 'encoder', 'ensemble'],
  async compress({ kind, channels, design, tensors }, data, { ratio, round }, context) {
    let lean = { design, tensors };
    const parts: CompressedPart[] = [];
    for (const network of encoderNetworks({ kind, channels, design }, data)) {
      const width = requireTurnable(network, tensors);
      const size = { columns: width, least: LIMITS.hidden[0], cost: 1 };
      const [kept = width] = keptColumns([size], [ratio], round);
      const part = { name: `${network.name}.layers`, before: width, after: kept, error: 0 };
      if (kept < width) {
        const moments = await normalisedMoments(network, tensors, context);
        const turned = turnedNetwork(network, lean.tensors, moments, kept);
        lean = { design: designWith(lean.design, network, turned.point), tensors: turned.tensors };
        part.error = turned.error;
      }
      parts.push(part);
    }
    const sum = (of: 'before' | 'after') => parts.reduce((all, part) => all + part[of], 0);
    const removed = 1 - sum('after') / sum('before');
    return { ...lean, report: { removed, parts, untouched: 'gon' in design ? ['gon'] : [] } };
  },
};

/** The width of all layers. Throws `ConfigError` where the vectors between layers cannot be turned. */
function requireTurnable({ name, point: { layers } }: EncoderNetwork, tensors: Tensors): number {
  const width = layers[0]?.hidden ?? 0;
  const other = layers.flatMap(({ heads }) => heads).find(({ op }) => op !== 'attention');
  const hasSteps = Object.keys(tensors).some((key) => key.startsWith(`${DYNAMO}.`));
  const why =
    (other && `a head of ${other.op} mixes their columns as they are`) ||
    (layers.some(({ hidden }) => hidden !== width) && 'its layers have several widths') ||
    (hasSteps && 'the heads of dynamo read the last of them');
  if (!why) return width;
  throw new ConfigError(
    `the vectors between the layers of '${name}' cannot be turned, because ${why}: compress it with modegpt`,
    { code: 'SEN_CFG_COMPRESS' },
  );
}

interface TurnedNetwork {
  readonly point: DesignPoint;
  readonly tensors: Tensors;
  /** Share of the squares of r that is lost. */
  readonly error: number;
}

/** `moments` (h, h) are those of r, `kept` is k, at most h. With k = h the network computes what it did. */
export function turnedNetwork(
  { name, point, record }: Pick<EncoderNetwork, 'name' | 'point' | 'record'>,
  tensors: Tensors,
  moments: Dense,
  kept: number,
): TurnedNetwork {
  const width = moments.rows;
  const { basis, error } = basisOf(moments, kept);
  const places = placesIn(point, record(point, 1).tape);
  const turned: Record<string, Tensors[string]> = { ...tensors };
  const put = (key: string, matrix: Dense): void => {
    const isVector = tensors[key]?.shape.length === 1;
    turned[key] = isVector ? vectorFrom(matrix) : tensorFrom(matrix);
  };
  for (const written of places.written) {
    const key = `${name}.${written}`;
    const rows = (tensors[key]?.data.length ?? 0) / width;
    put(key, product(matrixOf(tensors, key, rows, width), basis));
  }
  for (const { norm, products } of places.read) {
    const gain = matrixOf(tensors, `${name}.${norm}.gain`, 1, width);
    const bias = matrixOf(tensors, `${name}.${norm}.bias`, 1, width);
    for (const own of products) {
      const { shape } = tensors[`${name}.${own}.weights`] ?? { shape: [0, 0] };
      const columns = shape[1] as number;
      const weights = matrixOf(tensors, `${name}.${own}.weights`, width, columns);
      const added = matrixOf(tensors, `${name}.${own}.bias`, 1, columns);
      put(`${name}.${own}.weights`, product(transposed(basis), product(diagonal(gain), weights)));
      put(`${name}.${own}.bias`, plus(added, product(bias, weights)));
    }
    put(`${name}.${norm}.gain`, filled(kept, Math.sqrt(width / kept)));
    put(`${name}.${norm}.bias`, filled(kept, 0));
  }
  return {
    point: { ...point, layers: point.layers.map((l) => narrowed(l, kept)) },
    tensors: turned,
    error,
  };
}

function narrowed(layer: EncoderLayer, hidden: number): EncoderLayer {
  return { ...layer, hidden, headWidth: headWidthOf(layer) };
}

interface Places {
  /** Tensors (..., h) that make vectors, or are added to them. */
  readonly written: readonly string[];
  /** The products that read each norm. */
  readonly read: readonly { readonly norm: string; readonly products: readonly string[] }[];
}

function placesIn(
  { layers }: DesignPoint,
  { steps }: ReturnType<EncoderNetwork['record']>['tape'],
): Places {
  const linears = steps.flatMap(({ kind, inputs: [, weights] }) =>
    kind === 'linear' && weights?.storage.kind === 'parameter'
      ? [weights.storage.name.replace(/\.weights$/, '')]
      : [],
  );
  const readouts = linears.filter((own) => !/^(embedding$|layer\d)/.test(own));
  const weightsOf = (own: string) => [`${own}.weights`, `${own}.bias`];
  return {
    written: [
      ...[...weightsOf('embedding'), 'embedding.positions'],
      ...layers.flatMap((_, l) =>
        ['heads', 'feed'].flatMap((half) => weightsOf(`layer${l + 1}.${half}.output`)),
      ),
    ],
    read: [
      ...layers.flatMap(({ heads }, l) => {
        const prefix = `layer${l + 1}`;
        const mixing = groupsOf(heads).flatMap(([head], g) =>
          ['query', 'key', 'value'].map(
            (part) => `${prefix}.heads${g + 1}.${nameOf(head)}.${part}`,
          ),
        );
        return [
          { norm: `${prefix}.heads.norm`, products: mixing },
          { norm: `${prefix}.feed.norm`, products: [`${prefix}.feed1`] },
        ];
      }),
      { norm: 'norm', products: readouts },
    ],
  };
}

/** B, and the share of the squares that is outside of it. */
function basisOf(moments: Dense, kept: number): { readonly basis: Dense; readonly error: number } {
  const width = moments.rows;
  let total = 0;
  for (let i = 0; i < width; i++) total += moments.values[i * width + i] as number;
  // Puts the direction of 1 last, also where others are never taken either.
  const shifted = dense(
    width,
    width,
    moments.values.map((value) => value - total / width),
  );
  const { vectors } = symmetricEigen(shifted);
  const directions = vectors.slice(0, kept - 1);
  const q = transposed(
    dense(directions.length, width, Float64Array.from(directions.flatMap((v) => [...v]))),
  );
  const inside = product(transposed(q), product(moments, q));
  let left = total;
  for (let i = 0; i < inside.rows; i++) left -= inside.values[i * inside.rows + i] as number;
  return { basis: product(q, contrasts(kept)), error: total > 0 ? Math.max(0, left) / total : 0 };
}

/** U (k - 1, k): row i is 1 / sqrt(i (i + 1)) in the first i columns, -i / sqrt(i (i + 1)) in the next, then 0 (Helmert). */
function contrasts(columns: number): Dense {
  const values = new Float64Array((columns - 1) * columns);
  for (let i = 1; i < columns; i++) {
    const scale = 1 / Math.sqrt(i * (i + 1));
    const row = values.subarray((i - 1) * columns, i * columns);
    row.fill(scale, 0, i);
    row[i] = -i * scale;
  }
  return dense(columns - 1, columns, values);
}

function diagonal({ values }: Dense): Dense {
  const size = values.length;
  const matrix = identity(size);
  for (let i = 0; i < size; i++) matrix.values[i * size + i] = values[i] as number;
  return matrix;
}

function plus(a: Dense, b: Dense): Dense {
  return dense(
    a.rows,
    a.columns,
    a.values.map((value, i) => value + (b.values[i] as number)),
  );
}

function filled(columns: number, value: number): Dense {
  return dense(1, columns, new Float64Array(columns).fill(value));
}
