import type { Distances } from './distances.ts';

/** One way to say how anomalous the newest row is; a detector may have several. */
export interface ScoringPath {
  /** The prefix of the path's tensors and the key of its scales. */
  readonly name: string;
  readonly distances: Distances;
  /** Number of views. */
  readonly views: number;
  /** How much each view counts with its channels put on one scale; 0 = it is not read so. */
  readonly weight: number;
  /** How much it counts by its magnitude. This and `weight`, of all views of all paths of a detector, add to 1. */
  readonly magnitudeWeight?: number;
}

/** T of the longest path. */
export function longestOf(paths: readonly ScoringPath[]): number {
  return Math.max(...paths.map(({ distances }) => distances.length));
}

/** T of the shortest path: fewer rows have no score. */
export function shortestOf(paths: readonly ScoringPath[]): number {
  return Math.min(...paths.map(({ distances }) => distances.length));
}

/** The same paths, with so much of their weight. */
export function weighted(paths: readonly ScoringPath[], share: number): readonly ScoringPath[] {
  return paths.map((path) => ({
    ...path,
    weight: share * path.weight,
    magnitudeWeight: share * (path.magnitudeWeight ?? 0),
  }));
}
