// Features of designs for regressors: parts of the work, all counts, coordinates in the space, or the last two together.
import type { Points } from '../../engine/regression/regressor.ts';
import { familyOf, networkFamilies } from '../../models/network-family.ts';
import type { ProfiledNetwork } from './network.ts';
import { sideBySide } from './rows.ts';
import { macsByRate, PROJECTION, workOf } from './work.ts';

export interface Design {
  readonly network: ProfiledNetwork;
  /** From an embedding of the design's space; equally many for each design. */
  readonly coordinates?: readonly number[] | undefined;
}

export const VIEWS = ['work', 'analytic', 'embedding', 'both'] as const;

export type View = (typeof VIEWS)[number];

/** One row a design; without coordinates there are only counts. */
export type Views = { readonly analytic: Points } & { readonly [V in View]?: Points };

/** Throws `ConfigError` for invalid shapes, `RangeError` for coordinates of different spaces. */
export function viewsOf(designs: readonly Design[]): Views {
  const networks = designs.map(({ network }) => network);
  const analytic = analyticFeatures(networks);
  const counted = { work: workFeatures(networks), analytic };
  const embedding = embeddingOf(designs);
  return embedding ? { ...counted, embedding, both: sideBySide(analytic, embedding) } : counted;
}

function embeddingOf(designs: readonly Design[]): Points | undefined {
  const found = designs.flatMap(({ coordinates }) => (coordinates ? [coordinates] : []));
  const width = found[0]?.length ?? 0;
  if (width === 0 || found.length < designs.length) return undefined;
  if (found.some(({ length }) => length !== width)) {
    throw new RangeError('the designs of a profile have coordinates of different widths');
  }
  return { values: Float64Array.from(found.flat()), width };
}

/** Of all families, so that a profile may hold several; what a network has not is 0. */
const OPERATIONS = [...networkFamilies.values()].flatMap(({ operations }) => operations);

const RATES = [...new Set(OPERATIONS.map(({ rate }) => rate))].filter(
  (rate) => rate !== PROJECTION,
);

/** Name of each analytic feature, in the order of `analyticFeatures`. */
export const ANALYTIC_FEATURES: readonly string[] = [
  ...OPERATIONS.map(({ name }) => `macs.${name}`),
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

/** Name of each feature of `workFeatures`: each is work that the engine does at about one rate. */
const WORK_FEATURES: readonly string[] = [
  ...RATES.map((rate) => `macs.${rate}`),
  'macs.other',
  'bytes',
  'calls',
];

/**
 * (networks, features): counts in millions of multiplications and in kilobytes, so that all have similar size. Throws
 * `ConfigError` for invalid shapes.
 */
export function analyticFeatures(networks: readonly ProfiledNetwork[]): Points {
  return pointsOf(networks.map(analyticOf), ANALYTIC_FEATURES.length);
}

/** As `analyticFeatures`, with fewer features: some twenty networks are enough to fit the rates of a family. */
function workFeatures(networks: readonly ProfiledNetwork[]): Points {
  return pointsOf(networks.map(partsOf), WORK_FEATURES.length);
}

function pointsOf(rows: readonly (readonly number[])[], width: number): Points {
  return { values: Float64Array.from(rows.flat()), width };
}

function partsOf(network: ProfiledNetwork): number[] {
  const { bytes, calls, ...work } = workOf(network);
  const rates = macsByRate(work);
  const others = (rates.get(PROJECTION) ?? 0) / 1e6;
  return [...RATES.map((rate) => (rates.get(rate) ?? 0) / 1e6), others, bytes / 1e3, calls];
}

function analyticOf(network: ProfiledNetwork): number[] {
  const { point, rows, patch } = network;
  const { operations, otherMacs, bytes, parameterBytes, calls } = workOf(network);
  const byOperation = OPERATIONS.map(({ name }) => (operations.get(name) ?? 0) / 1e6);
  const others = otherMacs / 1e6;
  return [
    ...byOperation,
    others,
    byOperation.reduce((sum, macs) => sum + macs, others),
    bytes / 1e3,
    parameterBytes / 1e3,
    calls,
    ...familyOf(point).counts(point),
    rows / patch,
  ];
}
