// Designs laid out so that those few edits apart lie near each other: Transformer2vec, of Tuli et al. 2023, "FlexiBERT: are
// current transformer architectures too homogeneous and rigid?"
//
// Departs from Transformer2vec: by landmarks and eigenvectors, which are exact and the same each time, instead of gradient
// descent on a sample of pairs; and of the square roots of distances. Ours are sums over what differs, whose roots are
// Euclidean but for the alignment of layers. 24 coordinates at most, not 16, because layers may differ in more ways.
import type { DesignPoint } from '../../../../models/design-point.ts';
import { distancesAmong } from '../distances-among.ts';
import type { Embedding } from './embedding.ts';
import { type Layout, landmarkMds } from './landmark-mds.ts';

export interface LearnedOptions {
  /** Designs whose distances to all others are computed. */
  readonly landmarks: number;
  /** Coordinates, at most. */
  readonly width: number;
}

export const learnedDefaults: LearnedOptions = { landmarks: 128, width: 24 };

/** Euclidean distances stand for square roots of edit distances; a place depends on all designs that are laid out. */
export const learned: Embedding = {
  kind: 'learned',
  summary: 'coordinates learned from the edit distances between designs',
  embed: (points) => layOut(points, learnedDefaults).coordinates,
};

export function layOut(points: readonly DesignPoint[], options: LearnedOptions): Layout {
  const distances = distancesAmong(points);
  return landmarkMds(points.length, (point) => distances(point).map(Math.sqrt), options);
}
