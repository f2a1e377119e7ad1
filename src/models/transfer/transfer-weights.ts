// A network starts with the weights of a related one instead of random weights: head by head, wherever both do the same.
// Tuli et al. 2023, "FlexiBERT", and "EdgeTran", whose transfer is by heads, ordered or by random projection.
import { createRandom } from '../../engine/random.ts';
import type { NamedWeights } from '../../engine/tape/program.ts';
import type { DesignPoint } from '../design-point.ts';
import type { ModelTensor } from '../model.ts';
import type { NetworkDesign } from '../network-family.ts';
import { type Block, cut, lay, leading, multiplied, product } from './block.ts';
import {
  type Lineage,
  lineageOf,
  type Pair,
  pairsOf,
  sharedBy,
  type TransferMode,
} from './lineage.ts';
import { type NamedShape, type Piece, piecesOf } from './pieces.ts';

export interface TransferOptions {
  readonly mode: TransferMode;
  /** Absent = `lineageOf` both. */
  readonly lineage?: Lineage;
  /** Of the projections. */
  readonly seed: number;
}

/** A network whose tensors have the names that they have on the tape. */
export interface Relative<Design = DesignPoint> {
  readonly point: Design;
  readonly tensors: Readonly<Record<string, ModelTensor>>;
}

/** A trained network of any family, and how its weights are taken over. */
export interface TakenOver extends Relative<NetworkDesign>, Pick<TransferOptions, 'mode' | 'seed'> {
  /** Of the family; absent = by the designs. */
  readonly lineage?: unknown;
}

/** A network by the sizes of its weights, which may not exist yet. */
export interface Shapes {
  readonly point: DesignPoint;
  readonly weights: readonly NamedShape[];
}

export interface Transferred {
  /** Weights of the child that come from the parent, and all that it has. */
  readonly weights: number;
  readonly of: number;
}

/** Overwrites the weights of the child that the parent has; the others stay. */
export function transferWeights(
  parent: Relative,
  child: { readonly point: DesignPoint; readonly weights: readonly NamedWeights[] },
  { mode, seed, lineage = lineageOf(parent.point, child.point) }: TransferOptions,
): Transferred {
  const tensors = { ...wideningsOf(parent.point), ...parent.tensors };
  const values = new Map(child.weights.map((weights) => [weights.name, weights.values]));
  const projection = projections(seed);
  const pairs = pairsOf(
    piecesOf(parent.point, namedShapes(tensors)),
    piecesOf(child.point, child.weights),
    lineage,
  ).filter((pair) => sharedBy(pair, mode) > 0);
  for (const { old, now } of pairs) {
    const block = cut(tensors[old.tensor.name]?.data ?? [], cornerOf(old), sizesOf(old));
    const fitted = resized(block, now, mode === 'projected' ? projection : undefined);
    lay(fitted, values.get(now.tensor.name) as Float32Array, cornerOf(now));
  }
  return countOf(pairs, child.weights, mode);
}

/** What a transfer would copy, computed without weights. */
export function overlapOf(parent: Shapes, child: Shapes, mode: TransferMode): Transferred {
  const widenings = namedShapes(wideningsOf(parent.point));
  const pairs = pairsOf(
    piecesOf(parent.point, [...parent.weights, ...widenings]),
    piecesOf(child.point, child.weights),
    lineageOf(parent.point, child.point),
  );
  return countOf(pairs, child.weights, mode);
}

function countOf(
  pairs: readonly Pair[],
  weights: readonly NamedShape[],
  mode: TransferMode,
): Transferred {
  return {
    weights: pairs.reduce((sum, pair) => sum + sharedBy(pair, mode), 0),
    of: weights.reduce((sum, { shape }) => sum + product(shape), 0),
  };
}

function namedShapes(tensors: Relative['tensors']): readonly NamedShape[] {
  return Object.entries(tensors).map(([name, { shape }]) => ({ name, shape }));
}

type Projection = (now: number, old: number, along: string) => Float64Array;

function resized(block: Block, { stretches }: Piece, projection: Projection | undefined): Block {
  return stretches.reduce((fitted, { along, size }, axis) => {
    const old = fitted.shape[axis] as number;
    if (old === size) return fitted;
    if (!projection) return leading(fitted, axis, Math.min(old, size));
    return multiplied(fitted, axis, projection(size, old, along));
  }, block);
}

/** (new, old) with a variance of 1 / new, made once for each pair of widths. */
function projections(seed: number): Projection {
  const made = new Map<string, Float64Array>();
  const random = createRandom(seed);
  return (now, old, along) => {
    const name = `${along} ${old} ${now}`;
    const known = made.get(name);
    if (known) return known;
    const matrix = Float64Array.from({ length: now * old }, () => random.normal() / Math.sqrt(now));
    made.set(name, matrix);
    return matrix;
  };
}

function cornerOf({ tensor: { shape }, stretches }: Piece) {
  return { shape, starts: stretches.map(({ start }) => start) };
}

function sizesOf({ stretches }: Piece): readonly number[] {
  return stretches.map(({ size }) => size);
}

/** The projections between layers of equal width, as explicit identities. */
function wideningsOf({ layers }: DesignPoint): Readonly<Record<string, ModelTensor>> {
  const entries = layers.slice(1).flatMap(({ hidden }, i): [string, ModelTensor][] => {
    if (layers[i]?.hidden !== hidden) return [];
    const data = Float32Array.from({ length: hidden ** 2 }, (_, at) =>
      Number(at % (hidden + 1) === 0),
    );
    const name = `layer${i + 2}.widen`;
    return [
      [`${name}.weights`, { shape: [hidden, hidden], data }],
      [`${name}.bias`, { shape: [hidden], data: new Float32Array(hidden) }],
    ];
  });
  return Object.fromEntries(entries);
}
