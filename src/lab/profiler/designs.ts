// A design as regressors may see it: by the parts of its work, by all that is counted of it, by where it lies in its
// space, or by the last two.
import type { Points } from '../../engine/regression/regressor.ts';
import { analyticFeatures, workFeatures } from './features.ts';
import type { ProfiledNetwork } from './network.ts';
import { sideBySide } from './rows.ts';

export interface Design {
  readonly network: ProfiledNetwork;
  /** Of an embedding of the space that it is of; as many for each design. */
  readonly coordinates?: readonly number[] | undefined;
}

export const VIEWS = ['work', 'analytic', 'embedding', 'both'] as const;

export type View = (typeof VIEWS)[number];

/** One row a design; without coordinates there is only what is counted. */
export type Views = { readonly analytic: Points } & { readonly [V in View]?: Points };

/** Throws `ConfigError` for shapes that cannot be, `RangeError` for coordinates of several spaces. */
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
    throw new RangeError('designs of one profile have coordinates of one space');
  }
  return { values: Float64Array.from(found.flat()), width };
}
