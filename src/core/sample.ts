// One reading of a stream, the unit everything else is made from.

/** One quantity that is watched, e.g. `cpu.user` in `%`. */
export interface Channel {
  readonly id: string;
  readonly unit: string;
}

/** All channels of a stream at one instant. */
export interface Sample {
  readonly streamId: string;
  /** Unix time in milliseconds, of the reading itself and not of its arrival. */
  readonly timeMs: number;
  /** (C,) in channel units, in the order of `Source.channels`; NaN = no reading. */
  readonly values: Float64Array;
}
