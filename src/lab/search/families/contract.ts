// What a search has to know of a family of networks: its spaces, and how designs of them are told apart, compared, changed and
// drawn. What trainings and profiles have to know stands in models/network-family.ts.
import type { Registry } from '../../../core/registry.ts';
import type { NetworkFamily } from '../../../models/network-family.ts';
import type { Choices, LabelledGraph } from '../contract.ts';
import type { Embedding } from '../design-space/embeddings.ts';

export interface FamilyLevel<Space> {
  /** What is new at this level, for display. */
  readonly name: string;
  /** All designs of the level and of the levels before it. */
  readonly space: Space;
}

/** Designs as rows of choices. */
export interface FamilyPlaces<Design> {
  /** Throws `RangeError` for a design outside the space. */
  choicesOf(points: readonly Design[]): Choices;
  /** Undefined where the choices make no legal design. */
  pointOf(row: ArrayLike<number>): Design | undefined;
}

export interface SearchFamily<Design, Space> {
  /** That of the network. */
  readonly kind: string;
  /** The network of a design. */
  readonly network: NetworkFamily<Design>;
  /** What a detector has without a search. */
  readonly handMade: Design;
  /** Options of its training that depend on the space. */
  trainingOf(space: Space): Readonly<Record<string, number>>;

  /** Equal for designs whose graphs are isomorphic, and for those alone. Readable. */
  keyOf(design: Design): string;
  /** For surrogates of graphs. */
  graphOf(design: Design): LabelledGraph;
  /** All different designs of the space that are one step away. */
  neighboursOf(design: Design, space: Space): readonly Design[];
  /** Edit distances from one of the designs, by number, to each. */
  distancesAmong(designs: readonly Design[]): (from: number) => Float64Array;
  readonly embeddings: Registry<Embedding<Design, Space>>;
  /** Error of the learned embedding between designs that it was not made of; undefined if there are none. */
  heldOutStress(designs: readonly Design[], seed: number): number | undefined;

  readonly spaces: ReadonlyMap<string, Space>;
  /** A name, or options. Throws `ConfigError` that names every fault. */
  readSpace(given: unknown): Space;
  /** Exact, counted without making them. */
  sizeOf(space: Space): bigint;
  enumerable(space: Space): boolean;
  /** Throws `ConfigError` where the space is not `enumerable`. */
  enumerate(space: Space): readonly Design[];
  /** `count` different designs, or all if there are fewer. */
  sample(space: Space, count: number, seed: number): readonly Design[];
  placesOf(space: Space): FamilyPlaces<Design>;

  /** From coarse to fine; one level if the space can be listed. */
  levelsOf(space: Space): readonly [FamilyLevel<Space>, ...FamilyLevel<Space>[]];
  /** Designs of the first of several levels: all of them, or about `most`. */
  firstOf(space: Space, most: number, seed: number): readonly Design[];
  /** The same designs with the same numbers, then more around and between the good ones. */
  grow(
    points: readonly Design[],
    good: readonly number[],
    space: Space,
    seed: number,
  ): readonly Design[];
  /** Its choices and the number of its designs, as lines of text. */
  describe(space: Space): string;
}
