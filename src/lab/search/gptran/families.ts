// How the networks of each family are grown and pruned.
import { lookUp, type Registry, registry } from '../../../core/registry.ts';
import { familyOf, type NetworkDesign } from '../../../models/network-family.ts';
import { cnnGrowth } from './cnn-modes.ts';
import type { GrowthFamily } from './contract.ts';
import { encoderGrowth } from './encoder-modes.ts';

/** By the kind of the networks. */
const growths: Registry<GrowthFamily> = registry<GrowthFamily>(
  encoderGrowth as unknown as GrowthFamily,
  cnnGrowth as unknown as GrowthFamily,
);

/** Of the family of a design. */
export function growthOf(design: NetworkDesign): GrowthFamily {
  return lookUp(growths, familyOf(design).kind, 'family of networks');
}

/** Names of all options of all families. */
export const growthOptionNames: readonly string[] = [
  ...new Set([...growths.values()].flatMap(({ options }) => Object.keys(options.shape))),
];
