// Designs as numbers that latency may depend on: what a regressor sees of them beside, or instead of, an embedding.
import type { Points } from '../../engine/regression/regressor.ts';
import { HEADS, nameOf } from '../../models/design-point.ts';
import type { ProfiledNetwork } from './network.ts';
import { workOf } from './work.ts';

/** Name of each analytic feature, in the order of `analyticFeatures`. */
export const ANALYTIC_FEATURES: readonly string[] = [
  ...HEADS.map((head) => `macs.${nameOf(head)}`),
  'macs.other',
  'macs',
  'bytes',
  'parameterBytes',
  'calls',
  'layers',
  'widest',
  'heads',
  'feedForward',
  'patches',
];

/**
 * (networks, features): counts in millions of multiplications and in kilobytes, so that all are of like size. Throws
 * `ConfigError` for shapes that cannot be.
 */
export function analyticFeatures(networks: readonly ProfiledNetwork[]): Points {
  const width = ANALYTIC_FEATURES.length;
  const values = new Float64Array(networks.length * width);
  for (const [i, network] of networks.entries()) values.set(featuresOf(network), i * width);
  return { values, width };
}

function featuresOf(network: ProfiledNetwork): number[] {
  const { layers } = network.point;
  const { headMacs, otherMacs, bytes, parameterBytes, calls } = workOf(network);
  const byHead = HEADS.map((head) => (headMacs.get(nameOf(head)) ?? 0) / 1e6);
  const others = otherMacs / 1e6;
  return [
    ...byHead,
    others,
    byHead.reduce((sum, macs) => sum + macs, others),
    bytes / 1e3,
    parameterBytes / 1e3,
    calls,
    layers.length,
    Math.max(...layers.map(({ hidden }) => hidden)),
    layers.reduce((sum, { heads }) => sum + heads.length, 0),
    layers.reduce((sum, { feedForward }) => feedForward.reduce((all, n) => all + n, sum), 0),
    network.rows / network.patch,
  ];
}
