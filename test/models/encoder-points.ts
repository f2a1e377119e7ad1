// Design points and heads that tests of encoders share.
import type { DesignPoint, Head } from '../../src/models/design-point.ts';

/** Every kind of head. */
export const HEADS: readonly Head[] = [
  { op: 'attention', form: 'scaled' },
  { op: 'attention', form: 'multiplicative' },
  { op: 'transform', basis: 'dft' },
  { op: 'transform', basis: 'dct' },
  { op: 'convolution', kernel: 5 },
  { op: 'convolution', kernel: 9 },
  { op: 'convolution', kernel: 13 },
];

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
