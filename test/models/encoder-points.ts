// Design points that tests of encoders share.
import { type DesignPoint, HEADS, type Head } from '../../src/models/design-point.ts';

const [scaled, multiplicative, dft, dct, five, nine, thirteen] = HEADS as [
  Head,
  Head,
  Head,
  Head,
  Head,
  Head,
  Head,
];

/** All of them, in layers of unequal widths, with several feed-forward layers; needs 13 patches. */
export const EVERYTHING: DesignPoint = {
  layers: [
    { hidden: 12, heads: [scaled, multiplicative, dft, dct], feedForward: [10, 7] },
    { hidden: 8, heads: [five, nine], feedForward: [9] },
    { hidden: 15, heads: [thirteen, thirteen, multiplicative], feedForward: [5, 6, 4] },
  ],
};
