// The families that are searched, and candidates of each.
import { lookUp, type Registry } from '../../../core/registry.ts';
import type { DesignPoint } from '../../../models/design-point.ts';
import { type NetworkDesign, familyOf as networkFamilyOf } from '../../../models/network-family.ts';
import type { CnnSpace } from '../cnn-space/space.ts';
import { type DesignCandidates, familyCandidates } from '../design-space/candidates.ts';
import type { Embedding } from '../design-space/embeddings.ts';
import type { DesignSpace } from '../design-space/space.ts';
import { cnns } from './cnn.ts';
import type { SearchFamily } from './contract.ts';
import { encoders } from './encoder.ts';

/** A space of any family; one without a `family` is of encoders. */
export type NetworkSpace = DesignSpace | CnnSpace;

export type AnyFamily = SearchFamily<NetworkDesign, NetworkSpace>;

/** By the kind of their networks. Each is only ever given designs and spaces of its own. */
export const families: Registry<AnyFamily> = new Map(
  [encoders, cnns].map((family) => [family.kind, family as unknown as AnyFamily]),
);

/** The family of a space. */
export function familyOfSpace(space: NetworkSpace): AnyFamily {
  return lookUp(families, 'family' in space ? space.family : encoders.kind, 'family');
}

/** The family of a design. */
export function familyOfDesign(design: NetworkDesign): AnyFamily {
  return lookUp(families, networkFamilyOf(design).kind, 'family');
}

/** Designs of a space as candidates, see `familyCandidates`. Throws `ConfigError` for an embedding that the family has not. */
export function candidatesIn(
  space: NetworkSpace,
  designs: readonly NetworkDesign[],
  embedding: string,
): DesignCandidates<NetworkDesign> {
  const family = familyOfSpace(space);
  return familyCandidates(
    family,
    designs,
    space,
    lookUp(family.embeddings, embedding, 'embedding'),
  );
}

/** Encoders as candidates, see `familyCandidates`. */
export function candidatesOf(
  points: readonly DesignPoint[],
  space: DesignSpace,
  embedding: Embedding,
): DesignCandidates<DesignPoint> {
  return familyCandidates(encoders, points, space, embedding);
}
