// Windows with hidden parts, and what is hidden: what a masked encoder learns from.
//
// Notation   B batch, T rows, C channels, p rows of a patch, P patches; input (B, T, 2C), target and mask (B, T, C)

import type { Random } from '../../../engine/random.ts';
import { InstanceNorm, type Normalisation } from '../../instance-norm.ts';
import { type WindowTable, windowAt } from '../../scoring/training/window-table.ts';
import type { ExampleSet } from '../../training/fit/contract.ts';
import { writeHidden } from '../reconstruction.ts';

export interface HidingOptions {
  readonly patch: number;
  /** One in so many channels is hidden in the newest patch, as when windows are scored. */
  readonly groups: number;
  /** Share of all other patches of channels that is hidden. */
  readonly hiddenShare: number;
  readonly normalisation: Normalisation;
}

/** Writes input, target and mask; what is hidden is drawn anew each time. */
export function maskedExamples(table: WindowTable, options: HidingOptions): ExampleSet['fill'] {
  const { length, width } = table;
  const cells = length * width;
  const norm = new InstanceNorm(options.normalisation, width);
  const x = new Float32Array(cells);
  const sample = new Float32Array(2 * cells);
  return (rows, [input, target, mask], random) => {
    for (const [b, row] of rows.entries()) {
      x.set(windowAt(table, row));
      norm.apply(x, length - options.patch);
      const hidden = hide(length / options.patch, width, options, random);
      const isHidden = (t: number, c: number): boolean =>
        hidden[Math.floor(t / options.patch) * width + c] === 1;
      writeHidden(sample, x, width, isHidden);
      input?.set(sample, b * 2 * cells);
      target?.set(x, b * cells);
      mask?.set(flagsOf(sample, width), b * cells);
    }
  };
}

/** (P, C): 1 where a patch of a channel is hidden. */
function hide(
  patches: number,
  width: number,
  { groups, hiddenShare }: HidingOptions,
  random: Random,
): Uint8Array {
  const newest = (patches - 1) * width;
  return Uint8Array.from({ length: patches * width }, (_, i) =>
    random.uniform() < (i >= newest ? 1 / groups : hiddenShare) ? 1 : 0,
  );
}

/** The second half of each row of a sample, (T, 2C): which cells are hidden. */
function flagsOf(sample: Float32Array, width: number): Float32Array {
  return sample.filter((_, i) => i % (2 * width) >= width);
}
