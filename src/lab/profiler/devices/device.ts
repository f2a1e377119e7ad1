// What is known of a device before anybody has measured it. A measured profile replaces all of it.

/** A number and where it was read. */
export interface Figure {
  readonly value: number;
  readonly source: string;
}

export interface Device {
  readonly kind: string;
  /** One line for help texts. */
  readonly summary: string;
  /** Whether a machine that calls itself so, on an architecture as Node names it, is one. */
  matches(model: string, architecture: string): boolean;
  readonly cores: Figure;
  readonly clockHz: Figure;
  /** Of one core in one clock: float32, a fused multiplication and addition being two. */
  readonly flopsPerClock: Figure;
  /** Of one core that copies memory, bytes per second. */
  readonly copyBytesPerS: Figure;
  /** At the input of the board, or at the wall where the source is; absent = no source that is worth one. */
  readonly idlePowerW?: Figure;
  /** The same with all cores at work. */
  readonly busyPowerW?: Figure;
}

export function figure(value: number, source: string): Figure {
  return { value, source };
}
