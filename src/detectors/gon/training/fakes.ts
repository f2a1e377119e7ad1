// Fakes for the discriminator: real windows in which some channels are wrong.
// Departs from Tuli et al. 2021, where every fake is an optimised copy of a real window: such fakes lie beside the
// data only, D never learns what lies farther out, and the published code's loss ends at ln 2.
import type { Random } from '../../../engine/random.ts';
import type { CopyWindow } from '../../scoring/training/window-table.ts';

/** Largest and smallest size of a corruption, in units of the scaler. */
const SIZE = { least: 0.1, most: 3 };

/** The windows fakes are made of. */
export interface RealWindows {
  readonly count: number;
  /** C, channels. */
  readonly width: number;
  /** T*C, cells of a window. */
  readonly inputs: number;
  readonly copy: CopyWindow;
}

/** A function that writes one fake, (T*C): a random share of channels gets noise, a shift, or another window's values. */
export function fakeMaker(real: RealWindows, random: Random): (into: Float32Array) => void {
  const other = new Float32Array(real.inputs);
  const { count, width } = real;
  return (into) => {
    real.copy(random.integer(count), into);
    real.copy(random.integer(count), other);
    const corrupt = CORRUPTIONS[random.integer(CORRUPTIONS.length)] as Corruption;
    const share = random.uniform();
    // Cubed: small sizes are about as frequent as in a log-uniform draw, without a logarithm, so bits equal everywhere.
    const size = SIZE.least + (SIZE.most - SIZE.least) * random.uniform() ** 3;
    const sure = random.integer(width);
    for (let c = 0; c < width; c += 1) {
      if (c === sure || random.uniform() < share) corrupt(into, { c, width, size, other, random });
    }
  };
}

interface Place {
  /** The channel to spoil, and the number of channels. */
  readonly c: number;
  readonly width: number;
  readonly size: number;
  /** (T, C) another real window. */
  readonly other: Float32Array;
  readonly random: Random;
}
type Corruption = (into: Float32Array, place: Place) => void;

const CORRUPTIONS: readonly Corruption[] = [
  function addNoise(into, { c, width, size, random }) {
    for (let i = c; i < into.length; i += width) {
      into[i] = (into[i] as number) + random.normal() * size;
    }
  },
  function shift(into, { c, width, size, random }) {
    const by = random.normal() * size;
    for (let i = c; i < into.length; i += width) into[i] = (into[i] as number) + by;
  },
  function swap(into, { c, width, other }) {
    for (let i = c; i < into.length; i += width) into[i] = other[i] as number;
  },
];
