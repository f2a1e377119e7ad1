// Designs as coordinates, which is all that surrogates and distances see of them.
import type { Points } from '../../../../engine/regression/regressor.ts';
import type { DesignPoint } from '../../../../models/design-point.ts';
import type { DesignSpace } from '../space.ts';

export interface Embedding {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** (points, E), different designs at different places; the same designs and space give the same coordinates. */
  embed(points: readonly DesignPoint[], space: DesignSpace): Points;
}
