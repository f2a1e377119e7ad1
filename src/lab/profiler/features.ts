// Designs as numbers that latency may depend on: what a regressor sees of them beside, or instead of, an embedding.
import type { Points } from '../../engine/regression/regressor.ts';
import { HEADS, nameOf } from '../../models/design-point.ts';
import type { ProfiledNetwork } from './network.ts';
import { workOf } from './work.ts';

const FAMILIES = [...new Set(HEADS.map(({ op }) => op))];

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

/** Name of each feature of `workFeatures`: what is done at one rate each, as far as the engine has one. */
export const WORK_FEATURES: readonly string[] = [
  ...FAMILIES.map((family) => `macs.${family}`),
  'macs.other',
  'bytes',
  'calls',
];

/**
 * (networks, features): counts in millions of multiplications and in kilobytes, so that all are of like size. Throws
 * `ConfigError` for shapes that cannot be.
 */
export function analyticFeatures(networks: readonly ProfiledNetwork[]): Points {
  return pointsOf(networks.map(analyticOf), ANALYTIC_FEATURES.length);
}

/** As `analyticFeatures`, of fewer features: six rates can be told from some twenty networks. */
export function workFeatures(networks: readonly ProfiledNetwork[]): Points {
  return pointsOf(networks.map(partsOf), WORK_FEATURES.length);
}

function pointsOf(rows: readonly (readonly number[])[], width: number): Points {
  return { values: Float64Array.from(rows.flat()), width };
}

function partsOf(network: ProfiledNetwork): number[] {
  const { headMacs, otherMacs, bytes, calls } = workOf(network);
  const macs = FAMILIES.map((family) =>
    HEADS.filter(({ op }) => op === family).reduce(
      (sum, head) => sum + (headMacs.get(nameOf(head)) ?? 0) / 1e6,
      0,
    ),
  );
  return [...macs, otherMacs / 1e6, bytes / 1e3, calls];
}

function analyticOf(network: ProfiledNetwork): number[] {
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
