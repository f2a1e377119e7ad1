// Embeddings: designs as coordinates for surrogates and distances. A new embedding is one constant and one word in the
// registry below.

import { registry } from '../../../core/registry.ts';
import { createRandom } from '../../../engine/random.ts';
import { squaredDistances } from '../../../engine/regression/matern.ts';
import { type Points, pointsAt } from '../../../engine/regression/regressor.ts';
import type { DesignPoint, EncoderLayer } from '../../../models/design-point.ts';
import { designKey, rankOf } from './design-key.ts';
import { distancesAmong } from './edit-distance.ts';
import { headOptions, stackOptions } from './enumerate.ts';
import { type Layout, landmarkMds } from './landmark-mds.ts';
import { type DesignSpace, legalHeads } from './space.ts';

export interface Embedding<Design = DesignPoint, Space = DesignSpace> {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** (points, E), different designs have different coordinates; the same designs and space give the same coordinates. */
  embed(points: readonly Design[], space: Space): Points;
}

/**
 * The baseline for the learned embedding: one coordinate for each option. For each layer: 1 at its width, at its number of
 * heads, and at each width of its feed-forward stack; for each operation, the share of heads that have it. All 0 for an
 * absent layer.
 */
export const oneHot: Embedding = {
  kind: 'one-hot',
  summary: 'a coordinate for each option of each layer, without learning',
  embed: (points, space) => {
    const most = space.layers.at(-1) as number;
    return pointsOf(
      points.map(({ layers }) =>
        Array.from({ length: most }, (_, i) => layerRow(layers[i], space)).flat(),
      ),
    );
  },
};

function layerRow(layer: EncoderLayer | undefined, space: DesignSpace): readonly number[] {
  const stacked = Array.from({ length: space.stacks.at(-1) as number }, (_, j) =>
    oneOf(space.feedForward, layer?.feedForward[j]),
  );
  return [
    ...oneOf(space.hidden, layer?.hidden),
    ...oneOf(space.heads, layer?.heads.length),
    ...sharesOf(layer, space),
    ...stacked.flat(),
  ];
}

function oneOf(options: readonly number[], chosen: number | undefined): readonly number[] {
  return options.map((option) => Number(option === chosen));
}

function sharesOf(layer: EncoderLayer | undefined, space: DesignSpace): readonly number[] {
  const ranks = layer?.heads.map(rankOf) ?? [];
  return legalHeads(space).map((head) => {
    const rank = rankOf(head);
    return ranks.filter((other) => other === rank).length / Math.max(ranks.length, 1);
  });
}

/**
 * The embedding of the measurements that EdgeTran's authors published: 37 numbers for 12 layers. The number of layers, then
 * for each layer its width, feed-forward stack and set of heads. All are indices in the lists of the space, from 0; an
 * absent layer is 0, 0, 0. Tuli and Jha 2024, "EdgeTran: device-aware co-search of transformers for efficient inference on
 * mobile edge platforms".
 */
export const authors: Embedding = {
  kind: 'authors',
  summary: "the authors' list of numbers: which width, stack and set of heads each layer has",
  embed: (points, space) => {
    const row = authorsRowOf(space);
    return pointsOf(points.map(row));
  },
};

function authorsRowOf(space: DesignSpace): (point: DesignPoint) => readonly number[] {
  const layersKey = (layer: DesignPoint['layers'][number]): string =>
    designKey({ layers: [layer] });
  const heads = space.heads.flatMap((count) => headOptions(space, count));
  const stackRanks = ranks(stackOptions(space).map(String));
  const headRanks = ranks(
    heads.map((list) => layersKey({ hidden: 0, heads: [...list], feedForward: [] })),
  );
  return ({ layers }) =>
    Array.from({ length: 1 + 3 * (space.layers.at(-1) as number) }, (_, i) => {
      if (i === 0) return space.layers.indexOf(layers.length);
      const layer = layers[Math.floor((i - 1) / 3)];
      if (!layer) return 0;
      return [
        space.hidden.indexOf(layer.hidden),
        stackRanks.get(String(layer.feedForward)) as number,
        headRanks.get(layersKey({ ...layer, hidden: 0, feedForward: [] })) as number,
      ][(i - 1) % 3] as number;
    });
}

function ranks(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, rank) => [key, rank]));
}

interface LearnedOptions {
  /** Designs whose distances to all others are computed. */
  readonly landmarks: number;
  /** Coordinates, at most. */
  readonly width: number;
}

const learnedDefaults: LearnedOptions = { landmarks: 128, width: 24 };

/**
 * Coordinates whose Euclidean distances approximate the square roots of edit distances; they depend on all designs of the
 * call. Transformer2vec, of Tuli et al. 2023, "FlexiBERT: are current transformer architectures too homogeneous and rigid?"
 *
 * Departs from Transformer2vec: landmarks and eigenvectors, which are exact and reproducible, instead of gradient descent on
 * a sample of pairs; square roots of distances, because ours are sums of differences, whose roots are Euclidean except for
 * the alignment of layers; at most 24 coordinates, not 16, because layers may differ in more ways.
 */
export const learned: Embedding = {
  kind: 'learned',
  summary: 'coordinates learned from the edit distances between designs',
  embed: (points) => layOut(points.length, distancesAmong(points)).coordinates,
};

/** `distances` of a design to all designs. */
export function layOut(
  count: number,
  distances: (from: number) => Float64Array,
  options: LearnedOptions = learnedDefaults,
): Layout {
  return landmarkMds(count, (point) => distances(point).map(Math.sqrt), options);
}

/** Held-out designs from which distances to all other held-out designs are compared. */
const COMPARED = 64;

/**
 * Error of the learned embedding against square roots of edit distances, between designs that are not landmarks: 0 = exact,
 * 1 = as if all designs had the same coordinates. Undefined if fewer than two were held out.
 * Kruskal 1964, "Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis", his stress, unscaled.
 */
export function heldOutStress(
  points: readonly DesignPoint[],
  seed: number,
  options: LearnedOptions = learnedDefaults,
): number | undefined {
  return stressOf(points.length, distancesAmong(points), seed, options);
}

/** As `heldOutStress`, of designs with these distances. */
export function stressOf(
  count: number,
  distances: (from: number) => Float64Array,
  seed: number,
  options: LearnedOptions = learnedDefaults,
): number | undefined {
  const { coordinates, landmarks } = layOut(count, distances, options);
  const known = new Set(landmarks);
  const heldOut = Array.from({ length: count }, (_, i) => i).filter((point) => !known.has(point));
  if (heldOut.length < 2) return undefined;
  const compared = [...heldOut];
  createRandom(seed).shuffle(compared);
  let missed = 0;
  let all = 0;
  for (const from of compared.slice(0, COMPARED)) {
    const row = distances(from);
    const found = squaredDistances(pointsAt(coordinates, [from]), coordinates).map(Math.sqrt);
    for (const to of heldOut) {
      const sought = Math.sqrt(row[to] as number);
      missed += (sought - (found[to] as number)) ** 2;
      all += sought ** 2;
    }
  }
  return Math.sqrt(missed / all);
}

/** Points from rows of the same width. */
function pointsOf(rows: readonly (readonly number[])[]): Points {
  return { values: Float64Array.from(rows.flat()), width: rows[0]?.length ?? 0 };
}

export const embeddings = registry(oneHot, authors, learned);
